import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readLeftRun } from '../../lib/adapters/run-journal.ts';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { verifyLog } from '../../lib/policy/audit-chain.ts';
import { observe } from '../../lib/policy/hysteresis.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import type { ProbeRecord, ProbesState } from '../../lib/schema/state.ts';
import { candor, repository } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';

const program = join(repository, 'lib', 'testing', 'probe-process.ts');
// A process that lives for less than a second spends a fifth of it on threads that would make a longer one faster.
const lean = ['--v8-pool-size=0'];
const chains = 4;
const killsEach = 25;

/** Answers at once, after a moment, or now and then with an error for a few requests in a row. */
async function services(): Promise<{ origin: string; server: Server }> {
  let asked = 0;
  const server = createServer((request, response) => {
    const fails = request.url === '/flaky' && asked++ % 9 < 4;
    response.statusCode = fails ? 500 : 200;
    if (request.url === '/slow') globalThis.setTimeout(() => response.end('ok'), 15);
    else response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { origin: `http://127.0.0.1:${address.port}`, server };
}

function probeFile(component: string, url: string): string {
  return `component: ${component}\nkind: http\nurl: ${url}\n`;
}

/** How many steps the program takes for a run. */
async function stepsOfARun(root: string): Promise<number> {
  return Number((await promisify(execFile)(process.execPath, [...lean, program, root])).stdout);
}

/** Let the program run again and again until it is killed before that step. */
async function liveUntil(step: number, root: string): Promise<void> {
  const killed: unknown = await promisify(execFile)(process.execPath, [...lean, program, root, String(step)]).catch(
    (e) => e,
  );
  expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' });
}

interface Finished {
  readonly at: number;
  readonly probe: string;
  readonly sample: Sample;
}

/** Samples that a killed run had finished and not folded. */
function leftIn(folder: string): Finished[] {
  const left = readLeftRun(folder);
  if (left?.kind !== 'run') return [];
  return left.head.asked.flatMap(({ probe }, index) => {
    const sample = left.samples[index];
    return sample === undefined ? [] : [{ at: left.head.at, probe, sample }];
  });
}

/** Everything that must hold of the state at any time; resolves to its records. */
async function soundRecords(store: StateStore, before: readonly ProbeRecord[]): Promise<readonly ProbeRecord[]> {
  const [probes, head, log] = await Promise.all([store.read('probes'), store.read('audit-head'), store.readLog()]);
  await Promise.all([store.read('uptime'), store.read('recorded')]);
  expect(verifyLog(log, head?.value)).toEqual([]);
  const records = probes?.value.probes ?? [];
  for (const { probe, results } of before) {
    const grown = records.find((record) => record.probe === probe)?.results ?? [];
    expect(grown.slice(0, results.length)).toEqual(results);
  }
  for (const { base, health, results } of records) {
    const kinds = { p: 'pass', f: 'fail', u: 'unmeasured' } as const;
    expect(results.reduce((known, [at, kind]) => observe(known, { kind: kinds[kind] }, at), base)).toEqual(health);
  }
  return records;
}

/** Each change is told once: of each component the changes follow on each other and end at what the state says. */
function expectWholeStory(log: string, { components, pending }: ProbesState): void {
  expect(pending).toEqual([]);
  const entries = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  const told = new Map<string, string>();
  for (const { action, subject, before, after } of entries) {
    if (action !== 'component.changed') continue;
    expect(before.status).toBe(told.get(subject) ?? 'unknown');
    told.set(subject, after.status);
  }
  const toldOf = Object.keys(components).map((id) => [id, told.get(`components/${id}`) ?? 'unknown']);
  expect(Object.fromEntries(toldOf)).toEqual(components);
}

test.concurrent.each(Array.from({ length: chains }, (_, index) => index))(
  `a run that is killed at any point leaves a state that the next one goes on from (${killsEach} kills, %i)`,
  { timeout: 900_000 },
  async (chain) => {
    const { origin, server } = await services();
    await using root = await temporaryContentRoot({
      'status.config.yml':
        'name: Meadow\nurl: https://status.example.com\nsupport_email: help@example.com\nallow_private_targets: true\n',
      'components/tills.yml': 'name: Tills\n',
      'probes/flaky.yml': probeFile('payments', `${origin}/flaky`),
      'probes/slow.yml': probeFile('tills', `${origin}/slow`),
      'probes/quick.yml': probeFile('tills', `${origin}/quick`),
    });
    const folder = join(root.path, '.state');
    const store = fileState(folder);
    const finished: Finished[] = [];
    let records: readonly ProbeRecord[] = [];
    const steps = await stepsOfARun(root.path);
    for (let kills = 0; kills < killsEach; kills++) {
      // Together the chains kill before each step of a run that goes on from another, and before the first of the next.
      await liveUntil(Math.ceil(((kills * chains + chain + 1) / (killsEach * chains)) * 1.25 * steps), root.path);
      records = await soundRecords(store, records);
      finished.push(...leftIn(folder));
    }
    expect(await candor(['probe', '--root', root.path])).toMatchObject({ code: 0, stderr: '' });
    records = await soundRecords(store, records);
    expect({ rows: records[0]?.results.length ?? 0, finished: finished.length }).toEqual({
      rows: expect.toSatisfy((count) => count > 5),
      finished: expect.toSatisfy((count) => count > 5),
    });
    for (const { at, probe, sample } of finished) {
      const row = records.find((record) => record.probe === probe)?.results.find(([rowAt]) => rowAt === at);
      expect(row?.slice(1)).toEqual(
        sample.kind === 'pass'
          ? ['p', Math.round(sample.latencyMs * 10) / 10]
          : ['f', sample.kind === 'fail' && sample.reason],
      );
    }
    const stored = await store.read('probes');
    if (stored !== undefined) expectWholeStory(await store.readLog(), stored.value);
    server.close();
  },
);
