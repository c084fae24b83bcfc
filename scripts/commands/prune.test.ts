import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordFacts } from '../../lib/adapters/audit-log.ts';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { transitionFacts } from '../../lib/policy/audit-facts.ts';
import { foldRun } from '../../lib/policy/probe-run.ts';
import { secondsByStatus } from '../../lib/policy/uptime.ts';
import type { ProbesState } from '../../lib/schema/state.ts';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';

const hourMs = 3_600_000;
const began = Date.UTC(2026, 10, 20, 0, 0);

/** A probe that passed every quarter of an hour, from midnight on. */
function quarterHours(count: number): ProbesState {
  let state: ProbesState | undefined;
  for (let i = 0; i < count; i++) {
    state = foldRun(state, {
      at: new Date(began + i * 900_000),
      intervalSeconds: 900,
      results: [
        {
          probe: 'payments-api',
          component: 'payments',
          onFailure: 'major_outage',
          maintenance: false,
          sample: { kind: 'pass', latencyMs: 12 },
        },
      ],
    });
  }
  if (state === undefined) throw new Error('At least one run.');
  return state;
}

function prune(root: { path: string }, now: string, ...args: string[]): Promise<Ended> {
  return candor(['prune', '--now', now, ...args], { cwd: root.path });
}

async function resultTimes(store: StateStore): Promise<readonly number[]> {
  return (await store.read('probes'))?.value.probes.flatMap(({ results }) => results.map(([atMs]) => atMs)) ?? [];
}

/** Hours of the first day and of the second in which payments worked. */
async function hoursUp(store: StateStore): Promise<readonly number[]> {
  const [record] = (await store.read('uptime'))?.value.components ?? [];
  if (record === undefined) return [];
  return [0, 1].map((day) => {
    const from = began + day * 24 * hourMs;
    return secondsByStatus(record, from, from + 24 * hourMs).operational / 3600;
  });
}

test('raw results go after 25 hours, what they say of uptime stays, and the audit log is as it was', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, '.state'));
  await store.write('probes', quarterHours(4 * 30), undefined);
  const log = await logWithOneFact(store);
  expect(await candor(['prune', '--now', '2026-11-21T06:00:00Z'], { cwd: root.path, fresh: true })).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Forgot 20 raw results older than 25 hours.\n',
  });
  expect((await resultTimes(store))[0]).toBe(began + 5 * hourMs);
  expect(await hoursUp(store)).toEqual([24, 6]);
  expect(await store.readLog()).toBe(log);
  expect(await prune(root, '2026-11-21T06:00:00Z')).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Nothing is older than the policy keeps.\n',
  });
});

test('hourly figures go after 90 days', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, '.state'));
  await store.write('probes', quarterHours(4 * 10), undefined);
  expect((await prune(root, '2026-11-20T10:00:00Z', '--format', 'json')).stdout).toBe(
    '{"results":0,"hours":0,"probes":[],"future":null,"subscribers":0}\n',
  );
  const { stdout } = await prune(root, '2027-02-18T04:30:00Z');
  expect(stdout).toBe('Forgot 40 raw results older than 25 hours.\nForgot 4 hours of uptime older than 90 days.\n');
  expect(await hoursUp(store)).toEqual([6, 0]);
});

test('a clock that is years ahead forgets nothing, also where probes ran by it; after a pause it is said that it was one', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, '.state'));
  const one = { probe: 'payments-api', component: 'payments', onFailure: 'major_outage', maintenance: false } as const;
  const later = { at: new Date('2029-11-20T10:10:00Z'), intervalSeconds: 900 };
  const sample = { kind: 'pass', latencyMs: 12 } as const;
  await store.write('probes', foldRun(quarterHours(4 * 10), { ...later, results: [{ ...one, sample }] }), undefined);
  expect(await prune(root, '2029-11-20T10:20:00Z')).toEqual({
    code: 1,
    stdout: '',
    stderr: `Nothing was forgotten:

state/uptime.json
  1:1  error    All hourly figures would go: the newest is of 2026-11-20T10:00:00.000Z, and the clock says 2029-11-20T10:20:00.000Z. clock-far-ahead
                → Correct the clock. Where nothing was measured for so long, run \`candor prune --after-pause\`.

1 error in 1 file.
`,
  });
  expect(await resultTimes(store)).toHaveLength(41);
  expect((await prune(root, '2029-11-20T10:20:00Z', '--after-pause')).stdout).toBe(
    'Forgot 40 raw results older than 25 hours.\nForgot 10 hours of uptime older than 90 days.\n',
  );
  const [record] = (await store.read('uptime'))?.value.components ?? [];
  expect(record?.hours.operational).toEqual([900]);
  expect(await prune(root, '2029-11-20T10:20:00Z')).toMatchObject({ code: 0, stderr: '' });
});

test('--future puts aside what a wrong clock wrote, in a file', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, '.state'));
  await store.write('probes', quarterHours(4 * 10), undefined);
  await prune(root, '2026-11-20T10:00:00Z');
  const log = await logWithOneFact(store);
  const file = 'set-aside/future-20261120T043000000Z.json';
  expect(await prune(root, '2026-11-20T04:30:00Z', '--future')).toEqual({
    code: 0,
    stderr: '',
    stdout: `Put aside 21 raw results and 5 hours dated later than now, in ${file}.\nNothing is older than the policy keeps.\n`,
  });
  expect((await resultTimes(store)).at(-1)).toBe(began + 4.5 * hourMs);
  expect(await hoursUp(store)).toEqual([4.75, 0]);
  const kept = JSON.parse(await readFile(join(root.path, '.state', file), 'utf8'));
  expect(kept.probes[0].results).toHaveLength(21);
  expect(kept.uptime.components[0].hours.operational).toHaveLength(10);
  expect(await store.readLog()).toBe(log);
  expect((await prune(root, '2026-11-20T04:30:00Z', '--future')).stdout).toBe(
    'Nothing is dated later than now.\nNothing is older than the policy keeps.\n',
  );
  expect(await readdir(join(root.path, '.state', 'set-aside'))).toEqual(['future-20261120T043000000Z.json']);
});

test('where nothing was measured there is nothing to forget', async () => {
  await using root = await temporaryFolder();
  expect(await prune(root, '2026-11-20T04:30:00Z', '--future')).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Nothing is dated later than now.\nNothing is older than the policy keeps.\n',
  });
  expect(await readdir(root.path)).toEqual([]);
});

test('a document that cannot be understood is left alone', async () => {
  await using root = await temporaryFolder();
  await root.write('.state/probes.json', '{"format":99,"revision":1,"value":{}}');
  expect((await prune(root, '2026-11-20T04:30:00Z')).code).toBe(3);
  expect(await readFile(join(root.path, '.state/probes.json'), 'utf8')).toBe('{"format":99,"revision":1,"value":{}}');
});

async function logWithOneFact(store: StateStore): Promise<string> {
  const change = {
    component: 'payments',
    before: 'unknown',
    after: 'operational',
    since: began,
    known_at: began,
  } as const;
  await recordFacts(store, transitionFacts([change]), new Date(began));
  return store.readLog();
}
