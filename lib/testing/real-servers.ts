import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestCertificate } from './certificates.ts';
import { type TemporaryRoot, temporaryFolder } from './content-root.ts';
import { freePort } from './free-port.ts';

/** A server that nobody here wrote, on loopback, of this user, in a folder of its own; it ends with `await using`. */
export interface RealServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** Programs of Debian's packages that the tests start, and the package of each. */
const packageOf = {
  nginx: 'nginx-light',
  smtpd: 'opensmtpd',
  dnsmasq: 'dnsmasq-base',
  wrk: 'wrk',
  'redis-server': 'redis-server',
} as const;

/** A program of `packageOf`. */
export type RealProgram = keyof typeof packageOf;

const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

/** Why the program cannot be used on this machine, for the name of a skipped test; `undefined` where it can. */
export function whyNot(program: RealProgram): string | undefined {
  if (pathOf(program) === undefined)
    return `${program} is not installed (Debian: apt-get install ${packageOf[program]})`;
  if (program === 'smtpd' && userInfo().uid !== 0) return 'smtpd starts as root only';
  return undefined;
}

function pathOf(program: RealProgram): string | undefined {
  return folders.map((folder) => `${folder}/${program}`).find((path) => existsSync(path));
}

/** nginx that serves `locations` (the inside of a `server` block), over TLS where it is given a certificate. */
export async function startNginx(locations: string, certificate?: TestCertificate): Promise<RealServer> {
  const folder = await temporaryFolder();
  const port = await freePort();
  await folder.write('cert.pem', certificate?.cert ?? '');
  await folder.write('key.pem', certificate?.key ?? '');
  await folder.write('conf', nginxConfiguration(folder.path, port, locations, certificate !== undefined));
  return started('nginx', ['-p', folder.path, '-c', `${folder.path}/conf`, '-e', `${folder.path}/log`], port, folder);
}

function nginxConfiguration(folder: string, port: number, locations: string, secure: boolean): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    'daemon off; master_process off;',
    `pid ${folder}/pid; error_log ${folder}/log;`,
    'events {}',
    'http {',
    '  access_log off; keepalive_requests 1000000; gzip_types application/json; gzip_min_length 1;',
    ...temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`),
    '  server {',
    `    listen 127.0.0.1:${port}${secure ? ' ssl' : ''};`,
    ...(secure ? [`    ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;`] : []),
    locations,
    '  }',
    '}',
  ].join('\n');
}

/** OpenSMTPD that greets as `mail.example.com` and takes no mail. It is one to a machine, so a second one waits its turn. */
export async function startSmtpd(): Promise<RealServer> {
  const folder = await temporaryFolder();
  const port = await freePort();
  await folder.write(
    'conf',
    `listen on 127.0.0.1 port ${port} hostname mail.example.com\nmatch from any for any reject\n`,
  );
  return started('smtpd', ['-d', '-f', `${folder.path}/conf`], port, folder);
}

/** OpenSMTPD that puts each mail to `domain` into a folder of its reader. */
export interface RealMailboxes extends RealServer {
  /** End it as a crash would; what it has taken lies in its queue. */
  kill(): Promise<void>;
  /** Bring it back after that. */
  restart(): Promise<void>;
  /** What was delivered so far, as messages of several parts: to whom, and all of it. */
  mails(): Promise<{ readonly reader: string; readonly raw: Buffer }[]>;
}

/** Start it, as one to a machine, like `startSmtpd`. */
export async function startMailboxes(domain: string): Promise<RealMailboxes> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const box = `${folder.path}/box`;
  await mkdir(box);
  // It delivers as a user who may nothing else.
  await chmod(folder.path, 0o755);
  await chmod(box, 0o777);
  const nobody = 65534;
  await folder.write(
    'conf',
    `table readers { "reader" = "${nobody}:${nobody}:${box}" }
table mailboxes { "@${domain}" = "reader" }
listen on 127.0.0.1 port ${port} hostname mail.example.com
action "keep" maildir "${box}/%{dest.user}" userbase <readers> virtual <mailboxes>
match from any for domain "${domain}" action "keep"
`,
  );
  const argv = ['-d', '-f', `${folder.path}/conf`];
  let child = await launched('smtpd', argv, port);
  return {
    host: '127.0.0.1',
    port,
    async kill() {
      await ended(child, 'SIGKILL');
    },
    async restart() {
      child = await launched('smtpd', argv, port);
    },
    mails: () => mailsIn(box),
    async [Symbol.asyncDispose]() {
      await ended(child);
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function mailsIn(box: string): Promise<{ reader: string; raw: Buffer }[]> {
  const found: { reader: string; raw: Buffer }[] = [];
  for (const reader of await readdir(box)) {
    const folder = `${box}/${reader}/new`;
    if (!existsSync(folder)) continue;
    for (const name of await readdir(folder)) {
      const raw = await readFile(`${folder}/${name}`);
      if (isWhole(raw)) found.push({ reader, raw });
    }
  }
  return found;
}

/** A server that is killed leaves the file of a delivery empty or cut off, and makes that delivery once more. */
function isWhole(raw: Buffer): boolean {
  return /--\s*$/.test(raw.subarray(-8).toString('latin1'));
}

/** Redis that keeps nothing on a disk; on a port of its own, or on one that an earlier one left. */
export async function startRedis(at?: number): Promise<RealServer & { readonly url: string }> {
  const port = at ?? (await freePort());
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  const server = await started('redis-server', where, port, await temporaryFolder());
  return { ...server, url: `redis://127.0.0.1:${port}` };
}

/** dnsmasq with these records (`--host-record=…`, `--mx-host=…`, …) and no other names. */
export async function startDnsmasq(records: readonly string[]): Promise<RealServer> {
  const port = await freePort();
  const own = ['--no-daemon', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--bind-interfaces', '--pid-file='];
  const where = [`--port=${port}`, '--listen-address=127.0.0.1', `--user=${userInfo().username}`];
  return started('dnsmasq', [...own, ...where, ...records], port, await temporaryFolder());
}

/** Load on `url` from wrk for `seconds`; the result is how many requests a second it made. */
export async function loadWithWrk(url: string, seconds: number): Promise<number> {
  const child = spawn(pathOf('wrk') ?? 'wrk', ['-t1', '-c16', `-d${seconds}s`, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  const perSecond = /Requests\/sec:\s+([\d.]+)/.exec(text)?.[1];
  if (perSecond === undefined) throw new Error(`wrk did not say how much it asked:\n${text}`);
  return Number(perSecond);
}

/** The program, once its port answers; it lives in `folder`, which goes with it. */
async function started(
  program: RealProgram,
  argv: readonly string[],
  port: number,
  folder: TemporaryRoot,
): Promise<RealServer> {
  try {
    const child = await launched(program, argv, port);
    return {
      host: '127.0.0.1',
      port,
      async [Symbol.asyncDispose]() {
        await ended(child);
        await folder[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

/** How often it is tried to start a program of which another test has the only one there can be. */
const turns = 1200;

/** Start the program and wait until its port answers; try again where it gave up because another of its kind runs. */
async function launched(program: RealProgram, argv: readonly string[], port: number): Promise<ChildProcess> {
  let said = '';
  for (let attempt = 0; attempt < turns; attempt += 1) {
    const child = spawn(pathOf(program) ?? program, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        if (said.length < 10_000) said += chunk;
      });
    if (await answers(child, port)) return child;
    if (!/already|running|in use/i.test(said)) break;
    await pause(100);
  }
  throw new Error(`${program} did not start:\n${said}`);
}

/** Whether the child opened its port; false once it has ended without. */
async function answers(child: ChildProcess, port: number): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await connects(port)) return true;
    await pause(20);
  }
  return false;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const close = once(child, 'close');
  child.kill(signal);
  await close;
}
