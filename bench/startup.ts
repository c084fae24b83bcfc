import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { engineDir } from '../scripts/pipeline/engine.ts';
import { median, table } from './measure.ts';

/** What a probe costs at its start is paid every five minutes: at most so much of the processor's time. */
const targetMs = 400;

const candor = join(engineDir, 'scripts', 'launch.mjs');

/** The processor's time of `candor probe` with one probe, beside that of a Node that does nothing. */
export async function benchStartup(folder: string, rounds: number): Promise<string> {
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const root = contentWith(join(folder, 'startup'), address.port);
  const programs = {
    'node -e 0': [[], ['-e', '0']],
    'candor probe, compiled before': [[], [candor, 'probe', '--root', root]],
    'candor probe, the first time on a machine': [['NODE_DISABLE_COMPILE_CACHE'], [candor, 'probe', '--root', root]],
  } as const;
  const costs = new Map<string, number[]>(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round <= rounds * runsInARound; round++) {
    for (const [name, [env, args]] of Object.entries(programs)) {
      const ms = await cpuMs(args, env);
      if (round > 0) costs.get(name)?.push(ms);
    }
  }
  server.close();
  const rows = Array.from(costs, ([name, ms]) => [name, `${median(ms).toFixed(0)} ms`]);
  return `Start-up: processor time, aim under ${targetMs} ms\n${table([['program', 'median'], ...rows])}`;
}

const runsInARound = 7;

function contentWith(root: string, port: number): string {
  mkdirSync(join(root, 'probes'), { recursive: true });
  mkdirSync(join(root, 'components'));
  const config =
    'name: Bench\nurl: https://status.example.com\nsupport_email: help@example.com\nallow_private_targets: true\n';
  writeFileSync(join(root, 'status.config.yml'), config);
  writeFileSync(join(root, 'components', 'payments.yml'), 'name: Payments\n');
  writeFileSync(
    join(root, 'probes', 'payments.yml'),
    `component: payments\nkind: http\nurl: http://127.0.0.1:${port}/\n`,
  );
  return root;
}

/** Says at its end how much work the process was. */
const meter =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write("CPU "+(user+system))})';

async function cpuMs(args: readonly string[], variables: readonly string[]): Promise<number> {
  const env = { ...process.env, CI: '1', ...Object.fromEntries(variables.map((name) => [name, '1'])) };
  const child = spawn(process.execPath, ['--import', meter, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  const micros = /CPU (\d+)$/.exec(said)?.[1];
  if (code !== 0 || micros === undefined) throw new Error(`${args.join(' ')} ended with ${code}.\n${said}`);
  return Number(micros) / 1000;
}
