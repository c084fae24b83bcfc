import { execFileSync } from 'node:child_process';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor, type Running, startCandor } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { freePort } from '../../lib/testing/free-port.ts';

const config = 'status.config.yml';
const component = 'components/payments.yml';

function start(root: TemporaryRoot): Running {
  const running = startCandor(['start', '--port', '0', '--root', root.path]);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  return running;
}

async function addressOf(running: Running): Promise<string> {
  const [, address = ''] = await running.line(/^The page is at (http:\S+)$/);
  return address;
}

async function titleAt(address: string): Promise<{ status: number; name: string | undefined }> {
  const response = await fetch(address);
  return { status: response.status, name: /Meadow \w+/.exec(await response.text())?.[0] };
}

test('the page follows its content, keeps the last good one, and ends with 0 when it is stopped', async () => {
  await using root = await temporaryContentRoot();
  const running = start(root);
  await running.line(/^Building the page of /);
  await running.line(/^Built \d+ pages in \d+\.\d s\.$/);
  const address = await addressOf(running);
  await running.line(/^Stop with Ctrl-C\.$/);
  expect(await titleAt(address)).toEqual({ status: 200, name: 'Meadow Status' });

  await root.write(config, soundTexts[config].replace('Meadow Status', 'Meadow Shop'));
  await running.line(/^Built \d+ pages in \d+\.\d s after a change of status\.config\.yml\.$/);
  expect(await titleAt(address)).toEqual({ status: 200, name: 'Meadow Shop' });

  await root.write(component, 'nmae: Payments\n');
  await running.line(/^components\/payments\.yml$/);
  await running.line(/ error .*nmae/);
  await running.line(/^Not built after a change of components\/payments\.yml: the last good page stays\.$/);
  expect(await titleAt(address)).toEqual({ status: 200, name: 'Meadow Shop' });

  await root.write('.draft', soundTexts[component]);
  await rename(join(root.path, '.draft'), join(root.path, component));
  await running.line(/^Built \d+ pages /);
  expect((await fetch(`${address}components/payments/`)).status).toBe(200);
  expect((await fetch(`${address}components/nope/`)).status).toBe(404);
  expect(await running.stop('SIGTERM')).toBe(0);
});

test('content that does not pass at the start is not shown until it does', async () => {
  await using root = await temporaryContentRoot({ [config]: undefined });
  const running = start(root);
  await running.line(/There is no status\.config\.yml\./);
  const [, origin = ''] = await running.line(/^Not built: no page is shown at (http:\S+) yet\.$/);
  expect((await fetch(origin)).status).toBe(503);
  await root.write(config, soundTexts[config]);
  expect(await titleAt(await addressOf(running))).toEqual({ status: 200, name: 'Meadow Status' });
  await rm(join(root.path, 'incidents'), { recursive: true });
  await running.line(/^Built \d+ pages? /);
  expect(await running.stop()).toBe(0);
});

test('two pages do not share a port', async () => {
  await using root = await temporaryContentRoot();
  const running = start(root);
  const { port } = new URL(await addressOf(running));
  expect(await candor(['start', '--port', port, '--root', root.path])).toEqual({
    code: 3,
    stdout: '',
    stderr: `error: Cannot listen on 127.0.0.1 port ${port}: another program uses that port.\n  Choose another with --host and --port; --port 0 takes any free port.\n`,
  });
});

test('the folder for the page is used again, and git does not see it', async () => {
  await using root = await temporaryContentRoot({ [config]: undefined });
  for (const _time of [1, 2]) {
    const running = start(root);
    await running.line(/^Not built: /);
    expect(await running.stop()).toBe(0);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: root.path });
  const status = execFileSync('git', ['status', '--porcelain'], { cwd: root.path, encoding: 'utf8' });
  expect(status).toBe('?? components/\n?? incidents/\n');
});

test('files of somebody else in the folder for the page are left alone', async () => {
  await using root = await temporaryContentRoot({ '.state/page/a/notes.txt': 'mine' });
  expect(await candor(['start', '--port', '0', '--root', root.path])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${root.path}/.state/page holds other files.\n  Empty it, or name another folder with --state.\n`,
  });
});

test('a demo service that breaks is down on the page after its third failure and not before', async () => {
  const port = await freePort();
  await using root = await temporaryContentRoot({
    [config]: `${soundTexts[config]}allow_private_targets: true\ndemo:\n  interval_seconds: 1\n  services: { payments: ${port} }\n`,
    'probes/payments.yml': `component: payments\nkind: http\nurl: http://127.0.0.1:${port}/health\n`,
  });
  const running = start(root);
  const address = await addressOf(running);
  await expect.poll(() => statusAt(address), { timeout: 120_000 }).toBe('operational');
  await fetch(`http://127.0.0.1:${port}/break`, { method: 'POST' });
  const [, since] = await running.line(/^payments: operational → major outage, since (\S+)$/);
  const { known_at: knownAt, failures } = await outageOf(root);
  expect(failures).toHaveLength(3);
  expect([`${new Date(failures[0] ?? 0).toISOString().slice(0, 19)}Z`, failures[2]]).toEqual([since, knownAt]);
  await expect.poll(() => statusAt(address), { timeout: 120_000 }).toBe('major_outage');
  await fetch(`http://127.0.0.1:${port}/repair`, { method: 'POST' });
  await running.line(/^payments: major outage → operational, since /);
  await expect.poll(() => statusAt(address), { timeout: 120_000 }).toBe('operational');
  expect(await running.stop()).toBe(0);
});

test('an override begins and ends on the page when it says, with no probe and nobody at work', async () => {
  await using root = await temporaryContentRoot();
  const running = start(root);
  const address = await addressOf(running);
  const began = Date.now();
  const pin = (setAtMs: number, expiresAtMs: number) => {
    const [setAt, expiresAt] = [setAtMs, expiresAtMs].map((ms) => new Date(ms).toISOString());
    const override = `  status: under_maintenance\n  reason: Planned upgrade of the terminals\n  set_at: ${setAt}\n  expires_at: ${expiresAt}\n`;
    return root.write(component, `${soundTexts[component]}override:\n${override}`);
  };
  await pin(began + 2000, began + hourMs);
  await expect.poll(() => statusAt(address), { timeout: 120_000 }).toBe('under_maintenance');
  await pin(began + 2000, Date.now() + 2000);
  await expect.poll(() => statusAt(address), { timeout: 120_000 }).toBe('operational');
  expect(await running.stop()).toBe(0);
});

const hourMs = 3_600_000;

test('a rehearsal of another instant asks no probe', async () => {
  await using root = await temporaryContentRoot({
    'probes/payments.yml': 'component: payments\nkind: http\nurl: http://127.0.0.1:1/\n',
  });
  const running = startCandor(['start', '--port', '0', '--root', root.path, '--now', '2026-11-20T12:00:00Z']);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  const address = await addressOf(running);
  expect(await statusAt(address)).toBe('unknown');
  expect(await running.stop()).toBe(0);
  await expect(readFile(join(root.path, '.state', 'probes.json'))).rejects.toThrow('ENOENT');
});

const Current = z.object({ components: z.array(z.object({ status: z.string() })) });

async function statusAt(address: string): Promise<string | undefined> {
  return Current.parse(await (await fetch(`${address}current.json`)).json()).components[0]?.status;
}

const ProbesFile = z.object({
  value: z.object({
    probes: z.array(z.object({ health: z.object({ known_at: z.number() }), results: z.array(z.array(z.unknown())) })),
  }),
});

/** What the state knew when the outage was concluded: the failures until then. */
async function outageOf(root: TemporaryRoot): Promise<{ known_at: number; failures: number[] }> {
  const text = await readFile(join(root.path, '.state', 'probes.json'), 'utf8');
  const [probe] = ProbesFile.parse(JSON.parse(text)).value.probes;
  const knownAt = probe?.health.known_at ?? 0;
  const failures = (probe?.results ?? []).filter(([at, kind]) => kind === 'f' && Number(at) <= knownAt);
  return { known_at: knownAt, failures: failures.map(([at]) => Number(at)) };
}
