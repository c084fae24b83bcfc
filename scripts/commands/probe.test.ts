import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import { candor, type Running, startCandor } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { type CountingServer, countConnections } from '../../lib/testing/counting-server.ts';

const config =
  'name: Meadow\nurl: https://status.example.com\nsupport_email: help@example.com\nallow_private_targets: true\n';

/** A service with one path that answers, one that fails and one that never says anything. */
function service(): Promise<CountingServer> {
  return countConnections(
    createServer((request, response) => {
      response.statusCode = request.url === '/broken' ? 500 : 200;
      if (request.url !== '/silent') response.end('a secret answer');
    }),
  );
}

function probe({ port }: { readonly port: number }, path: string, more = ''): string {
  return `component: payments\nkind: http\nurl: http://127.0.0.1:${port}${path}\n${more}`;
}

function page(files: Readonly<Record<string, string>>): Promise<TemporaryRoot> {
  return temporaryContentRoot({ 'status.config.yml': config, ...files });
}

const at = (minute: number) => ['--now', `2026-11-20T12:0${minute}:00Z`];

const withoutLatency = (text: string) =>
  text.replaceAll(/\b\d+ ms/g, 'N ms').replaceAll(/"latency_ms":[\d.]+/g, '"latency_ms":1');

test('an operator reads what each probe said and what changed, and services that are down end with 0', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/'), 'probes/till.yml': probe(api, '/broken') });
  const run = async (minute: number) => {
    const { code, stdout, stderr } = await candor(['probe', '--root', root.path, ...at(minute)], {
      fresh: minute === 0,
    });
    return { code, stderr, text: withoutLatency(stdout) };
  };
  const table =
    'probe     component  result\ncard-api  payments   pass N ms\ntill      payments   fail unexpected_status\n';
  expect(await run(0)).toEqual({ code: 0, stderr: '', text: table });
  expect(await run(1)).toEqual({ code: 0, stderr: '', text: table });
  expect(await run(2)).toEqual({
    code: 0,
    stderr: '',
    text: `${table}\npayments: unknown → major outage, since 2026-11-20T12:00:00Z\n`,
  });
});

test('programs get one object, and a workflow is told whether the page changes', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/') });
  const env = { GITHUB_OUTPUT: join(root.path, 'output') };
  await root.write('output', 'before=1\n');
  const first = await candor(['probe', '--root', root.path, '--format', 'json', ...at(0)], { env });
  expect(JSON.parse(withoutLatency(first.stdout))).toEqual({
    at: '2026-11-20T12:00:00.000Z',
    dry_run: false,
    changed: true,
    probes: [{ probe: 'card-api', component: 'payments', result: 'pass', latency_ms: 1, reason: null }],
    changes: [
      {
        component: 'payments',
        before: 'unknown',
        after: 'operational',
        since: '2026-11-20T12:00:00.000Z',
        known_at: '2026-11-20T12:00:00.000Z',
      },
    ],
    problems: [],
    notes: [],
  });
  await candor(['probe', '--root', root.path, ...at(5)], { env });
  expect(await readFile(env.GITHUB_OUTPUT, 'utf8')).toBe(
    'before=1\nchanged=true\npublishes=false\nchanged=false\npublishes=false\n',
  );
});

test('a probe that cannot be asked ends with 1, and nothing that is printed says what is asked', async () => {
  await using api = await service();
  await using root = await page({
    'probes/card-api.yml': probe(api, '/?secret'),
    'probes/till.yml': probe(api, '/', `headers: { Authorization: "Bearer \${TILL_TOKEN}" }\n`),
  });
  const { code, stdout, stderr } = await candor(['probe', '--root', root.path, ...at(0)]);
  expect({ code, stdout: withoutLatency(stdout), stderr }).toEqual({
    code: 1,
    stdout: `probe     component  result
card-api  payments   pass N ms
till      payments   not measured: missing_variable
`,
    stderr: `probes/till.yml
  4:12  error    \`headers.Authorization\` needs the environment variable \`TILL_TOKEN\`, which is not set or empty. missing-variable
                 → Set TILL_TOKEN in the environment of whatever runs the probes, in a workflow from its secrets.

1 error in 1 file.
`,
  });
  const github = await candor(['probe', '--root', root.path, '--format', 'github', ...at(5)]);
  expect(github.stdout).toContain('::error file=probes/till.yml,line=4,col=12,title=missing-variable::');
  expect(stdout + stderr + github.stdout + github.stderr).not.toMatch(/127\.0\.0\.1|a secret answer|\?secret|Bearer/);
});

test('a page without probes says so', async () => {
  await using root = await page({});
  expect(await candor(['probe', '--root', root.path])).toEqual({
    code: 0,
    stdout: 'There is no probe to ask: write one in probes/.\n',
    stderr: '',
  });
});

test('a probe is tried out without a trace', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/'), 'probes/till.yml': probe(api, '/broken') });
  const { code, stdout, stderr } = await candor(['probe', '--root', root.path, '--dry-run', 'till']);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout:
      'probe  component  result\ntill   payments   fail unexpected_status\n\nTried out: the state is as it was.\n',
    stderr: '',
  });
  expect(await fileState(join(root.path, '.state')).read('probes')).toBeUndefined();
  expect(await candor(['probe', '--root', root.path, '--dry-run', 'til'])).toMatchObject({
    code: 2,
    stderr: 'error: There is no probe til.\n  Did you mean till?\n',
  });
});

test.each([
  [['till'], 'error: A run asks every probe.\n  To try out some: candor probe --dry-run till\n'],
  [
    ['--every', '30s'],
    'error: --every is for --watch.\n  A single run takes its interval from probe_interval_minutes.\n',
  ],
  [['--watch', ...at(0)], 'error: --watch goes by the clock.\n  Leave out --now, or make single runs.\n'],
  [
    ['--watch', '--every', '2h'],
    "error: option '--every <time>' argument '2h' is invalid. Write it as 30s or 5m, up to 1h.\n",
  ],
])('%j is wrong', async (args, stderr) => {
  expect(await candor(['probe', ...args])).toEqual({ code: 2, stdout: '', stderr });
});

test('a clock that stepped back ends with 1, for programs as well', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/') });
  await candor(['probe', '--root', root.path, ...at(5)]);
  const { code, stdout } = await candor(['probe', '--root', root.path, '--format', 'json', ...at(4)]);
  expect({ code, rules: JSON.parse(stdout).problems.map(({ rule }: { rule: string }) => rule) }).toEqual({
    code: 1,
    rules: ['clock-stepped-back'],
  });
});

test('a state that cannot be used ends with 3, and is left as it was', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/') });
  await root.write('.state/probes.json', '\0\0\0');
  const { code, stdout, stderr } = await candor(['probe', '--root', root.path]);
  expect({ code, stdout, asked: api.seen() }).toEqual({ code: 3, stdout: '', asked: 0 });
  expect(stderr).toMatch(/^error: probes\.json of the state in \S+ /);
  expect(await readFile(join(root.path, '.state', 'probes.json'), 'utf8')).toBe('\0\0\0');
});

function start(args: readonly string[]): Running {
  const running = startCandor(args);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  return running;
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run early, and what was measured is kept', async (signal) => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/'), 'probes/till.yml': probe(api, '/silent') });
  const running = start(['probe', '--root', root.path]);
  const journal = join(root.path, '.state', 'run.jsonl');
  while (!(await textOf(journal)).includes('"pass"')) await new Promise(setImmediate);
  expect(await running.stop(signal)).toBe(0);
  await running.line(/^The run was cut off: 1 of 2 probes were not measured\.$/);
  const state = await fileState(join(root.path, '.state')).read('probes');
  expect(state?.value.probes.map(({ probe: id, results }) => [id, ...results.map(([, kind]) => kind)])).toEqual([
    ['card-api', 'p'],
    ['till', 'u'],
  ]);
});

test('a signal that comes twice, because whoever started the command passes it on, is one', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/'), 'probes/till.yml': probe(api, '/silent') });
  const running = start(['probe', '--root', root.path]);
  const journal = join(root.path, '.state', 'run.jsonl');
  while (!(await textOf(journal)).includes('"pass"')) await new Promise(setImmediate);
  expect(await Promise.all([running.stop(), running.stop()])).toEqual([0, 0]);
  expect((await fileState(join(root.path, '.state')).read('probes'))?.value.probes.length).toBe(2);
});

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

test('on a machine that is always on, runs follow each other until it is told to stop', async () => {
  await using api = await service();
  await using root = await page({ 'probes/card-api.yml': probe(api, '/') });
  const running = start(['probe', '--watch', '--every', '1s', '--root', root.path]);
  await running.line(/^card-api {2}payments {3}pass \d+ ms$/);
  await running.line(/^payments: unknown → operational, since /);
  await running.line(/^card-api {2}payments {3}pass \d+ ms$/);
  expect(await running.stop()).toBe(0);
  const state = await fileState(join(root.path, '.state')).read('probes');
  expect(state?.value.interval_seconds).toBe(1);
});
