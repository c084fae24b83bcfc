import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginJournal, readLeftRun } from '../../lib/adapters/run-journal.ts';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import { StaleState, type StateStore } from '../../lib/adapters/state/state-store.ts';
import type { JournalHead } from '../../lib/schema/run-journal.ts';
import type { ProbesState } from '../../lib/schema/state.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { type CountingServer, countConnections } from '../../lib/testing/counting-server.ts';
import { ProblemsFound } from '../cli/errors.ts';
import { type ProbeRunReport, type ProbeRunRequest, runProbes } from './probe-run.ts';

/** A service that answers what the test says, and says nothing where it says 0. */
async function service(status = { code: 200 }): Promise<CountingServer & { status: { code: number } }> {
  const server = await countConnections(
    createServer((_request, response) => {
      response.statusCode = status.code;
      if (status.code !== 0) response.end('ok');
    }),
  );
  return Object.assign(server, { status });
}

const config =
  'name: Meadow\nurl: https://status.example.com\nsupport_email: help@example.com\nallow_private_targets: true\n';

function probe({ port }: { readonly port: number }, more = ''): string {
  return `component: payments\nkind: http\nurl: http://127.0.0.1:${port}/\n${more}`;
}

function page(files: Readonly<Record<string, string>>): Promise<TemporaryRoot> {
  return temporaryContentRoot({ 'status.config.yml': config, ...files });
}

const minute = (number: number) => new Date(Date.UTC(2026, 10, 20, 12, number));

/** A run of the page at this minute of an hour. */
function run(root: TemporaryRoot, at: number | Date, more: Partial<ProbeRunRequest> = {}): Promise<ProbeRunReport> {
  const folder = join(root.path, '.state');
  return runProbes({
    root: root.path,
    store: fileState(folder),
    journalFolder: folder,
    env: {},
    clock: () => (at instanceof Date ? at : minute(at)),
    signal: new AbortController().signal,
    ...more,
  });
}

async function stateOf(root: TemporaryRoot): Promise<ProbesState | undefined> {
  return (await fileState(join(root.path, '.state')).read('probes'))?.value;
}

/** The results of each probe, as `minute kind`. */
async function rowsOf(root: TemporaryRoot): Promise<Record<string, string[]>> {
  const { probes = [] } = (await stateOf(root)) ?? {};
  const row = ([at, kind, what]: ProbesState['probes'][number]['results'][number]) =>
    `${new Date(at).toISOString().slice(14, -1)} ${typeof what === 'number' ? kind : `${kind} ${what}`}`;
  return Object.fromEntries(probes.map(({ probe: id, results }) => [id, results.map(row)]));
}

async function logOf(root: TemporaryRoot): Promise<string[]> {
  const lines = (await fileState(join(root.path, '.state')).readLog()).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).id).filter((id) => id.startsWith('component.'));
}

test('the page changes with the first pass, with the third failure and with the second pass after it, and not between', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  const changes: unknown[] = [];
  for (const [at, code] of [200, 500, 500, 500, 500, 200, 200, 200].entries()) {
    api.status.code = code;
    const report = await run(root, at);
    const says = report.changes.map(
      ({ after, since }) => `${after} since ${new Date(since).toISOString().slice(14, 16)}`,
    );
    changes.push([report.changed, ...says]);
  }
  expect(changes).toEqual([
    [true, 'operational since 00'],
    [false],
    [false],
    [true, 'major_outage since 01'],
    [false],
    [false],
    [true, 'operational since 05'],
    [false],
  ]);
  expect(await logOf(root)).toEqual([
    'component.changed payments 2026-11-20T12:00:00.000Z unknown operational',
    'component.changed payments 2026-11-20T12:03:00.000Z operational major_outage',
    'component.changed payments 2026-11-20T12:06:00.000Z major_outage operational',
  ]);
  expect((await stateOf(root))?.pending).toEqual([]);
});

test('a page that was made while probes were silent is made again when they speak', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  await run(root, 0);
  expect((await run(root, 5)).changed).toBe(false);
  expect((await run(root, 40)).changed).toBe(true);
});

test('a page without probes is fine, and has no state', async () => {
  await using root = await page({});
  expect(await run(root, 0)).toEqual({
    at: minute(0),
    intervalSeconds: 300,
    probed: [],
    changes: [],
    changed: false,
    problems: [],
    notes: [],
  });
  expect(await stateOf(root)).toBeUndefined();
});

test('a probe that cannot be asked is a problem, and the others are asked', async () => {
  await using api = await service();
  await using root = await page({
    'probes/api.yml': probe(api),
    'probes/secret.yml': probe(api, `headers: { Authorization: "Bearer \${TOKEN}" }\n`),
    'probes/typo.yml': probe(api, 'timeout: 5\n'),
  });
  const { probed, problems } = await run(root, 0);
  expect(probed.map(({ probe: id, sample }) => [id, sample.kind === 'pass' ? 'pass' : sample.reason])).toEqual([
    ['api', 'pass'],
    ['secret', 'missing_variable'],
  ]);
  expect(problems.map(({ file, line, rule }) => ({ file, line, rule }))).toEqual([
    { file: 'probes/typo.yml', line: 4, rule: 'unknown-key' },
    { file: 'probes/secret.yml', line: 4, rule: 'missing-variable' },
  ]);
});

test('what is known of a probe is kept while its file is wrong', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  await run(root, 0);
  await root.write('probes/api.yml', 'component: [\n');
  await run(root, 5);
  await root.write('probes/api.yml', probe(api));
  await run(root, 10);
  expect(await rowsOf(root)).toEqual({ api: ['00:00.000 p', '05:00.000 u broken_file', '10:00.000 p'] });
});

test('announced maintenance is noted beside the result', async () => {
  await using api = await service();
  await using root = await page({
    'probes/api.yml': probe(api),
    'components/payments.yml': `name: Payments
override:
  status: under_maintenance
  reason: New card terminals
  set_at: 2026-11-20T12:00:00Z
  expires_at: 2026-11-20T12:10:00Z
`,
  });
  for (const at of [0, 5, 10]) await run(root, at);
  const results = (await stateOf(root))?.probes[0]?.results ?? [];
  expect(results.map((row) => row[3])).toEqual(['m', 'm', undefined]);
});

test('settings that cannot be read stop a run, for they say what may be asked', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api), 'status.config.yml': 'nmae: Meadow\n' });
  await expect(run(root, 0)).rejects.toThrow(ProblemsFound);
  expect([api.seen(), await stateOf(root)]).toEqual([0, undefined]);
});

test('a clock that stepped back stops a run, and nothing is lost', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  await run(root, 10);
  const before = await stateOf(root);
  await expect(run(root, 9)).rejects.toEqual(
    new ProblemsFound('No probe was asked, and nothing was changed:', [
      {
        file: 'state/probes.json',
        line: 1,
        column: 1,
        rule: 'clock-stepped-back',
        severity: 'error',
        message: 'Its newest result is of 2026-11-20T12:10:00.000Z, and the clock says 2026-11-20T12:09:00.000Z.',
        fix: 'Correct the clock. Where the state is wrong, `candor prune --future` sets aside what is later than now.',
      },
    ]),
  );
  expect([api.seen(), await stateOf(root)]).toEqual([1, before]);
});

test('two runs at one instant are two results', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  const clock = () => new Date(minute(0).getTime() + 1);
  await run(root, 0);
  await run(root, 0, { clock: clock });
  expect(await rowsOf(root)).toEqual({ api: ['00:00.000 p', '00:00.001 p'] });
});

/** A journal of a run at this minute that asked the api and the till. */
function head(at: number): JournalHead {
  const asked = ['api', 'till'].map((id) => ({
    probe: id,
    component: 'payments',
    on_failure: 'major_outage' as const,
    maintenance: false,
  }));
  return { format: 1, at: minute(at).getTime(), interval_seconds: 300, asked };
}

test('what a killed run had finished is counted at its own instant, once', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api), 'probes/till.yml': probe(api) });
  const folder = join(root.path, '.state');
  await run(root, 0);
  beginJournal(folder, head(5)).finished(1, { kind: 'fail', reason: 'timeout' });
  const { notes } = await run(root, 10);
  expect(notes).toEqual(['The run of 2026-11-20T12:05:00.000Z was cut off: what it had finished is counted, 1 of 2.']);
  beginJournal(folder, head(5)).finished(1, { kind: 'fail', reason: 'timeout' });
  expect((await run(root, 15)).notes).toEqual([]);
  expect(await rowsOf(root)).toEqual({
    api: ['00:00.000 p', '05:00.000 u cut_off', '10:00.000 p', '15:00.000 p'],
    till: ['00:00.000 p', '05:00.000 f timeout', '10:00.000 p', '15:00.000 p'],
  });
  expect(readLeftRun(folder)).toBeUndefined();
});

test('a journal that is later than now, or is none, is kept beside and not counted', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  const folder = join(root.path, '.state');
  beginJournal(folder, head(50)).finished(0, { kind: 'pass', latencyMs: 1 });
  expect((await run(root, 0)).notes).toEqual([
    `An earlier run is dated 2026-11-20T12:50:00.000Z, later than now; it is kept in ${folder}/run.set-aside-20261120T120000000Z.jsonl.`,
  ]);
  await root.write('.state/run.jsonl', 'hello\n');
  expect((await run(root, 5)).notes).toEqual([
    `${folder}/run.set-aside-20261120T120500000Z.jsonl is no journal of a run; it is not used.`,
  ]);
  await root.write('.state/run.jsonl', '{"format":1,"at":17');
  expect((await run(root, 10)).notes).toEqual(['An earlier run was cut off before it asked anything.']);
  expect(await rowsOf(root)).toEqual({ api: ['00:00.000 p', '05:00.000 p', '10:00.000 p'] });
});

test('a run that is stopped keeps what it has measured', async () => {
  await using api = await service();
  await using silent = await service({ code: 0 });
  await using root = await page({ 'probes/api.yml': probe(api), 'probes/silent.yml': probe(silent) });
  const stop = new AbortController();
  const store = fileState(join(root.path, '.state'));
  const running = run(root, 0, { signal: stop.signal, store });
  while (silent.seen() === 0 || typeof leftSample(root, 0) === 'undefined') await new Promise(setImmediate);
  stop.abort();
  await running;
  expect(await rowsOf(root)).toEqual({ api: ['00:00.000 p'], silent: ['00:00.000 u cut_off'] });
});

function leftSample(root: TemporaryRoot, index: number): unknown {
  const left = readLeftRun(join(root.path, '.state'));
  return left?.kind === 'run' ? left.samples[index] : undefined;
}

test('two runs of one state do not overlap', async () => {
  await using silent = await service({ code: 0 });
  await using root = await page({ 'probes/silent.yml': probe(silent) });
  const stop = new AbortController();
  const running = run(root, 0, { signal: stop.signal });
  while (silent.seen() === 0) await new Promise(setImmediate);
  await expect(run(root, 1)).rejects.toThrow(`Another run is under way for the state in ${join(root.path, '.state')}.`);
  stop.abort();
  await running;
});

/** A store to which somebody else writes a run at this instant just before the first write of `probes`. */
function raced(store: StateStore, root: TemporaryRoot, at: Date): StateStore {
  let raced = false;
  return {
    ...store,
    write: async (name, value, version) => {
      if (name === 'probes' && !raced) {
        raced = true;
        await run(root, at, { journalFolder: undefined });
      }
      return store.write(name, value, version);
    },
  };
}

test('where somebody else wrote in the meantime, the samples are folded again and not taken again', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  await run(root, 0);
  const store = raced(fileState(join(root.path, '.state')), root, new Date(minute(5).getTime() + 200));
  const clock = [minute(5), minute(6)];
  await run(root, 5, { store, clock: () => clock.shift() ?? minute(6) });
  expect(await rowsOf(root)).toEqual({ api: ['00:00.000 p', '05:00.200 p', '05:00.201 p'] });
  expect(api.seen()).toBe(3);
});

test('a state that somebody else writes again and again is given up, and the samples stay in the journal', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  const store: StateStore = {
    ...fileState(join(root.path, '.state')),
    write: async () => {
      throw new StaleState('Somebody else wrote.', { fix: 'Read again.' });
    },
  };
  await expect(run(root, 0, { store })).rejects.toThrow(StaleState);
  expect(api.seen()).toBe(1);
  await run(root, 5);
  expect(await rowsOf(root)).toEqual({ api: ['00:00.000 p', '05:00.000 p'] });
});

test('where the connectivity check fails, failures say nothing of the services', async () => {
  await using api = await service({ code: 500 });
  await using root = await page({
    'probes/api.yml': probe(api),
    'status.config.yml': `${config}connectivity_check: http://127.0.0.1:9/\n`,
  });
  expect((await run(root, 0)).probed.map(({ sample }) => sample)).toEqual([
    { kind: 'unmeasured', reason: 'runner_offline' },
  ]);
});

test('a connectivity check that may not be asked is a problem, and the probes are asked all the same', async () => {
  await using api = await service();
  await using root = await page({
    'probes/api.yml': probe(api),
    'status.config.yml': `${config}connectivity_check: http://169.254.169.254/\n`,
  });
  const { probed, problems } = await run(root, 0);
  expect(probed.map(({ sample }) => sample.kind)).toEqual(['pass']);
  expect(problems.map(({ file, line, rule }) => ({ file, line, rule }))).toEqual([
    { file: 'status.config.yml', line: 5, rule: 'forbidden-target' },
  ]);
});

test('any answer of the connectivity check counts, and it is asked once and only where something failed', async () => {
  await using api = await service();
  await using check = await service({ code: 503 });
  await using root = await page({
    'probes/api.yml': probe(api),
    'probes/till.yml': probe(api),
    'status.config.yml': `${config}connectivity_check: http://127.0.0.1:${check.port}/\n`,
  });
  await run(root, 0);
  expect(check.seen()).toBe(0);
  api.status.code = 500;
  expect((await run(root, 1)).probed.map(({ sample }) => sample)).toEqual([
    { kind: 'fail', reason: 'unexpected_status' },
    { kind: 'fail', reason: 'unexpected_status' },
  ]);
  expect(check.seen()).toBe(1);
});

test('a run tells the audit log what people published since the run before, and tells it once', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  const told = async (at: number) => {
    await run(root, at);
    const lines = (await fileState(join(root.path, '.state')).readLog()).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line).id).filter((id) => /^(?:incident|update|override)\./.test(id));
  };
  const first = [
    'incident.published 2026-11-20-card-payments',
    ...['09:12', '09:40', '10:05', '10:40'].map(
      (time) => `update.published 2026-11-20-card-payments 2026-11-20T${time}:00.000Z`,
    ),
  ];
  expect(await told(0)).toEqual(first);
  expect(await told(5)).toEqual(first);
  await root.write(
    'incidents/2026-11-20-mail-is-late.md',
    `---
title: Mail is late
published: true
impact: minor
components:
  payments: degraded_performance
state: investigating
started_at: 2026-11-20T12:01:00Z
---

## investigating 2026-11-20T12:02:00Z

We are looking into it.
`,
  );
  const second = [
    'incident.published 2026-11-20-mail-is-late',
    'update.published 2026-11-20-mail-is-late 2026-11-20T12:02:00.000Z',
  ];
  expect(await told(10)).toEqual([...first, ...second]);
  expect(await told(15)).toEqual([...first, ...second]);
});

test('what a killed run had not told the audit log is told by the next', async () => {
  await using api = await service();
  await using root = await page({ 'probes/api.yml': probe(api) });
  const store = fileState(join(root.path, '.state'));
  const unable: StateStore = {
    ...store,
    appendLog: async () => {
      throw new Error('Killed.');
    },
  };
  await expect(run(root, 0, { store: unable })).rejects.toThrow('Killed.');
  expect((await stateOf(root))?.pending.length).toBe(1);
  await run(root, 5);
  expect(await logOf(root)).toEqual(['component.changed payments 2026-11-20T12:00:00.000Z unknown operational']);
  expect((await stateOf(root))?.pending).toEqual([]);
});
