import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../schema/sample.ts';
import { ProbesState } from '../schema/state.ts';
import { probeRuns, runsOf, stateAfter } from '../testing/probe-histories.ts';
import { freshHealth } from './hysteresis.ts';
import { mergeProbes } from './merge-state.ts';
import { foldRun, newestResultAt, type ProbeRun, type RunResult } from './probe-run.ts';
import { pruneProbes } from './retention.ts';
import { deriveUptime } from './uptime.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const minute = (minutes: number) => noon + minutes * 60_000;

function result(fields: Partial<RunResult> = {}): RunResult {
  const sample: Sample = { kind: 'pass', latencyMs: 42 };
  return { probe: 'shop', component: 'shop', onFailure: 'major_outage', sample, maintenance: false, ...fields };
}

function run(atMinute: number, ...results: readonly RunResult[]): ProbeRun {
  return { at: new Date(minute(atMinute)), intervalSeconds: 300, results };
}

const passed = (consecutive_passes: number, evidenceMinute: number) => ({
  verdict: 'up',
  consecutive_failures: 0,
  consecutive_passes,
  run_began_at: noon,
  since: noon,
  known_at: noon,
  evidence_at: minute(evidenceMinute),
});

test('a component may be called like what every object has', () => {
  const named = result({ component: 'constructor' });
  const [first, second] = [0, 5].map((at) => run(at, named));
  if (first === undefined || second === undefined) throw new Error('There are two runs.');
  const state = foldRun(foldRun(undefined, first), second);
  expect(state.components).toEqual(Object.fromEntries([['constructor', 'operational']]));
  expect(state.pending).toEqual([
    { component: 'constructor', before: 'unknown', after: 'operational', since: noon, known_at: noon },
  ]);
  expect(deriveUptime(undefined, state).components).toMatchObject([{ component: 'constructor' }]);
  expect(mergeProbes(state, state)).toEqual(state);
  expect(pruneProbes(state, new Date(minute(60 * 48))).components).toEqual(state.components);
  expect(ProbesState.parse(state)).toEqual(state);
});

test('the first run makes the state, and tells of each component that is known', () => {
  const till = result({ probe: 'till-a', component: 'till', sample: { kind: 'fail', reason: 'timeout' } });
  const failing = { consecutive_failures: 1, consecutive_passes: 0, run_began_at: noon, evidence_at: noon };
  expect(foldRun(undefined, run(0, till, result()))).toEqual({
    interval_seconds: 300,
    probes: [
      {
        probe: 'shop',
        component: 'shop',
        on_failure: 'major_outage',
        base: freshHealth,
        health: passed(1, 0),
        results: [[noon, 'p', 42]],
      },
      {
        probe: 'till-a',
        component: 'till',
        on_failure: 'major_outage',
        base: freshHealth,
        health: { verdict: 'unknown', ...failing },
        results: [[noon, 'f', 'timeout']],
      },
    ],
    components: { shop: 'operational', till: 'unknown' },
    pending: [{ component: 'shop', before: 'unknown', after: 'operational', since: noon, known_at: noon }],
  });
});

test.each([
  ['a pass keeps its latency to a tenth of a millisecond', { kind: 'pass', latencyMs: 12.3456 }, [noon, 'p', 12.3]],
  ['a failure keeps its reason', { kind: 'fail', reason: 'connect_refused' }, [noon, 'f', 'connect_refused']],
  ['so does what was not measured', { kind: 'unmeasured', reason: 'cut_off' }, [noon, 'u', 'cut_off']],
] as const)('%s', (_rule, sample, row) => {
  const rows = [false, true].map((maintenance) => foldRun(undefined, run(0, result({ sample, maintenance }))));
  expect(rows.map(({ probes }) => probes[0]?.results)).toEqual([[row], [[...row, 'm']]]);
});

describe('transitions', () => {
  const told = (state: ProbesState) =>
    state.pending.map(({ component, before, after, since, known_at }) =>
      [component, before, after, (since - noon) / 60_000, (known_at - noon) / 60_000].join(' '),
    );

  test.each([
    [
      'an outage is told at the third failure, dated to the first',
      { shop: 'pFFF' },
      ['shop operational major_outage 5 15'],
    ],
    ['not at the second', { shop: 'pFF' }, []],
    [
      'recovery is told at the second pass, dated to the first',
      { shop: 'pFFFpp' },
      ['shop operational major_outage 5 15', 'shop major_outage operational 20 25'],
    ],
    [
      'the component follows its worst probe',
      { 'a shop': 'pFFFpp', 'b shop': 'pppFFF' },
      ['shop operational major_outage 5 15'],
    ],
    [
      'silence is told when it has lasted three intervals, dated to the last evidence',
      { shop: 'p????' },
      ['shop operational unknown 0 20'],
    ],
    [
      'and its end when it ends',
      { shop: 'p????p' },
      ['shop operational unknown 0 20', 'shop unknown operational 25 25'],
    ],
    [
      'each component is told of',
      { till: 'pFFF', shop: 'pFFF' },
      ['shop operational major_outage 5 15', 'till operational major_outage 5 15'],
    ],
  ])('%s', (_rule, histories, expected) => {
    const firstKnown = Object.keys(histories).map((name) => name.split(' ').at(-1));
    const first = [...new Set(firstKnown)].sort().map((component) => `${component} unknown operational 0 0`);
    expect(told(stateAfter(runsOf(histories)))).toEqual([...first, ...expected]);
  });

  test('a gap without runs is no transition', () => {
    expect(told(stateAfter(runsOf({ shop: `p${'.'.repeat(20)}p` })))).toEqual(['shop unknown operational 0 0']);
  });

  test('those that are not recorded yet are kept', () => {
    const before = stateAfter(runsOf({ shop: 'p' }));
    expect(foldRun({ ...before, pending: [] }, run(5, result())).pending).toEqual([]);
    expect(foldRun(before, run(5, result())).pending).toEqual(before.pending);
  });

  test('what people change is told since the run that found it', () => {
    const before = { ...stateAfter(runsOf({ shop: 'FFF' })), pending: [] };
    const failed = result({ onFailure: 'partial_outage', sample: { kind: 'fail', reason: 'timeout' } });
    expect(told(foldRun(before, run(15, failed)))).toEqual(['shop major_outage partial_outage 15 15']);
  });
});

test('each transition goes on from the one before, and began no later than it was known', () => {
  const check = fc.property(probeRuns, (runs) => {
    const { pending, components } = stateAfter(runs);
    const now = new Map<string, string>();
    let known = 0;
    for (const { component, before, after, since, known_at } of pending) {
      expect(before).toBe(now.get(component) ?? 'unknown');
      expect(after).not.toBe(before);
      expect(since).toBeLessThanOrEqual(known_at);
      expect(known_at).toBeGreaterThanOrEqual(known);
      now.set(component, after);
      known = known_at;
    }
    for (const [component, status] of Object.entries(components)) expect(now.get(component) ?? 'unknown').toBe(status);
  });
  fc.assert(check, { numRuns: 100 });
});

describe('what is asked changes', () => {
  test('a probe that fails in another way keeps its counters, and what it was before', () => {
    const [record] = foldRun(
      stateAfter(runsOf({ shop: 'pp' })),
      run(10, result({ onFailure: 'partial_outage' })),
    ).probes;
    expect(record?.on_failure).toBe('partial_outage');
    expect(record?.earlier_on_failure).toEqual([{ until: minute(10), value: 'major_outage' }]);
    expect(record?.health).toEqual(passed(3, 10));
  });

  test('of a component whose last probe is gone nothing is known from the next run on, and that is told once', () => {
    const down = stateAfter(runsOf({ 'web shop': 'FFF', 'web till': '???' }));
    const at = new Date(minute(15));
    const gone = foldRun({ ...down, pending: [] }, { at, intervalSeconds: 300, results: [] });
    expect(gone.components['shop']).toBe('unknown');
    expect(gone.pending).toEqual([
      { component: 'shop', before: 'major_outage', after: 'unknown', since: at.getTime(), known_at: at.getTime() },
    ]);
    const again = foldRun(gone, { at: new Date(minute(20)), intervalSeconds: 300, results: [] });
    expect(again.pending).toEqual(gone.pending);
  });

  test('a probe of another component begins anew there', () => {
    const moved = foldRun(
      stateAfter(runsOf({ 'web shop': 'FFF' })),
      run(15, result({ probe: 'web', component: 'till' })),
    );
    expect(moved.probes.map(({ probe, component, health }) => [probe, component, health.verdict])).toEqual([
      ['web', 'shop', 'down'],
      ['web', 'till', 'up'],
    ]);
    expect(moved.components).toEqual({ shop: 'unknown', till: 'operational' });
  });

  test('a probe that is asked no more does not count, and its results stay', () => {
    const state = stateAfter(runsOf({ 'a shop': 'pppp', 'b shop': 'FFF.' }));
    expect(state.components).toEqual({ shop: 'operational' });
    expect(state.probes.map(({ results }) => results.length)).toEqual([4, 3]);
  });

  test('another interval is remembered with the one before', () => {
    const state = foldRun(stateAfter(runsOf({ shop: 'p' })), { ...run(5, result()), intervalSeconds: 60 });
    expect([state.interval_seconds, state.earlier_intervals]).toEqual([60, [{ until: minute(5), value: 300 }]]);
  });
});

describe('instants', () => {
  const state = stateAfter(runsOf({ shop: 'pp' }));

  test('a run at the instant of the newest result is recorded a millisecond later', () => {
    const rows = foldRun(state, run(5, result())).probes[0]?.results.map(([atMs]) => atMs);
    expect(rows).toEqual([noon, minute(5), minute(5) + 1]);
  });

  test('a run before the newest result is not folded', () => {
    expect(() => foldRun(state, run(4, result()))).toThrow(
      'A bug: a run was folded that began before the newest result.',
    );
  });

  test('a probe has one result in a run', () => {
    expect(() => foldRun(state, run(9, result(), result()))).toThrow('A bug: a run has two results of one probe.');
  });

  test('the newest result is that of any probe', () => {
    const two = stateAfter(runsOf({ a: 'pp.', b: 'p.?' }));
    expect(newestResultAt(two)).toEqual(new Date(minute(10)));
    expect(newestResultAt({ ...two, probes: [] })).toBeUndefined();
  });

  test('what was concluded of results that were dropped counts as well', () => {
    const dropped = state.probes.map((record) => ({ ...record, base: record.health, results: [] }));
    expect(newestResultAt({ ...state, probes: dropped })).toEqual(new Date(minute(5)));
  });
});

test('folding changes nothing of the state before', () => {
  const before = stateAfter(runsOf({ shop: 'ppF' }));
  const copy = structuredClone(before);
  foldRun(before, run(15, result({ onFailure: 'partial_outage' })));
  expect(before).toEqual(copy);
});
