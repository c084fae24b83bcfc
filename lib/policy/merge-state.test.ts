import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ProbesState,
  ProbesState as ProbesStateSchema,
  type RecordedState,
  UptimeState,
} from '../schema/state.ts';
import { probeRuns, runsOf, stateAfter } from '../testing/probe-histories.ts';
import { mergeProbes, mergeRecorded, mergeUptime } from './merge-state.ts';
import { foldRun } from './probe-run.ts';
import { pruneProbes } from './retention.ts';
import { deriveUptime } from './uptime.ts';

const hourMs = 60 * 60 * 1000;
const [first, second, third, fourth] = runsOf({ shop: 'pFFF' });
if (first === undefined || second === undefined || third === undefined || fourth === undefined) {
  throw new Error('There were no runs.');
}
const common = stateAfter([first]);

describe('two writers that went on from the same state', () => {
  const ours = stateAfter([second, fourth], common);
  const theirs = stateAfter([third], common);
  const merged = mergeProbes(ours, theirs);

  test('have all results together, and what all of them come to', () => {
    expect(merged.probes).toEqual(stateAfter([first, second, third, fourth]).probes);
    expect(merged.probes.map(({ health }) => health.verdict)).toEqual(['down']);
  });

  test('tell at the next run what only both together know', () => {
    expect(merged.components).toEqual({ shop: 'operational' });
    const [next] = runsOf({ shop: 'F' }, { start: '2026-11-20T12:20:00Z' });
    if (next === undefined) throw new Error('There is no run.');
    expect(foldRun(merged, next).pending.map(({ after }) => after)).toEqual(['operational', 'major_outage']);
  });

  test('have the uptime of all results', () => {
    const buckets = mergeUptime(deriveUptime(undefined, ours), deriveUptime(undefined, theirs));
    const all = stateAfter([first, second, third, fourth]);
    expect(deriveUptime(buckets, merged)).toEqual(deriveUptime(undefined, all));
  });

  test('keep each pending transition once', () => {
    expect(mergeProbes(common, theirs).pending).toEqual(common.pending);
  });

  test('lose nothing where one of them dropped what both had', () => {
    const pruned = pruneProbes(ours, new Date(second.at.getTime() + 25 * hourMs));
    expect(mergeProbes(pruned, theirs).probes).toEqual(merged.probes);
  });
});

test('of two results at the same millisecond the more telling stays', () => {
  const [passed, failed] = [runsOf({ shop: 'p' }), runsOf({ shop: 'F' })].map((runs) => stateAfter(runs));
  if (passed === undefined || failed === undefined) throw new Error('There is no state.');
  expect(mergeProbes(passed, failed).probes.map(({ results }) => results.map(([, kind]) => kind))).toEqual([['f']]);
});

test('probes and components that only one of them knows are kept', () => {
  const merged = mergeProbes(stateAfter(runsOf({ shop: 'pp' })), stateAfter(runsOf({ till: 'p' })));
  expect(merged.probes.map(({ probe, results }) => [probe, results.length])).toEqual([
    ['shop', 2],
    ['till', 1],
  ]);
  expect(merged.components).toEqual({ shop: 'operational', till: 'operational' });
});

test('of an hour that no results cover the bucket stays that measured more of it', () => {
  const [more, less] = ['ppp', 'FF?'].map((history) => deriveUptime(undefined, stateAfter(runsOf({ shop: history }))));
  const [other] = [deriveUptime(undefined, stateAfter(runsOf({ shop: 'FFF' })))];
  if (more === undefined || less === undefined) throw new Error('There are no buckets.');
  expect(mergeUptime(less, more)).toEqual(more);
  expect(mergeUptime(more, other)).toEqual(other);
});

test('what either told the audit log is told', () => {
  const override = { status: 'under_maintenance', reason: 'Planned upgrade', expires_at: '2026-11-20T09:00:00Z' };
  const told = { ...override, set_at: '2026-11-20T08:00:00Z', over: false };
  const later = { ...override, set_at: '2026-11-20T08:30:00Z', over: false };
  const fact = (id: string) =>
    ({ id, action: 'override.set', who: 'dana', subject: 'components/shop', before: null, after: null }) as const;
  const ours: RecordedState = {
    incidents: { '2026-11-20-tills': 2 },
    overrides: { shop: told, till: told },
    told: 3,
    pending: [fact('b')],
  };
  const theirs: RecordedState = {
    incidents: { '2026-11-20-tills': 1, '2026-11-19-shop': 4 },
    overrides: { shop: { ...told, over: true }, till: later },
    told: 4,
    pending: [fact('a'), fact('b')],
  };
  const both = {
    incidents: { '2026-11-19-shop': 4, '2026-11-20-tills': 2 },
    overrides: { shop: { ...told, over: true }, till: later },
    told: 4,
    pending: [fact('a'), fact('b')],
  };
  expect(mergeRecorded(ours, theirs)).toEqual(both);
  expect(mergeRecorded(theirs, ours)).toEqual(both);
  expect(mergeRecorded(both, ours)).toEqual(both);
});

describe('laws', () => {
  /** What two writers came to, each with some of the runs after a common beginning, and all of the runs in one state. */
  const writers = fc
    .tuple(probeRuns, fc.nat({ max: 60 }), fc.array(fc.boolean(), { minLength: 3, maxLength: 9 }), fc.nat({ max: 40 }))
    .map(([runs, shared, whose, prunedHours]) => {
      const begin = runs.slice(0, shared + 1).reduce<ProbesState | undefined>(foldRun, undefined);
      const own = (mine: boolean) => runs.slice(shared + 1).filter((_, index) => whose[index % whose.length] === mine);
      const [ours, theirs] = [true, false].map((mine) => stateAfter(own(mine), begin));
      if (ours === undefined || theirs === undefined) throw new Error('There are no writers.');
      const now = new Date((runs[shared] ?? runs.at(-1))?.at.getTime() ?? 0);
      const pruned = pruneProbes(ours, new Date(now.getTime() + prunedHours * hourMs));
      return { ours: prunedHours > 25 ? ours : pruned, theirs, all: stateAfter(runs) };
    });

  test('nothing is lost, whoever has which run', () => {
    const check = fc.property(writers, ({ ours, theirs, all }) => {
      const merged = mergeProbes(ours, theirs);
      const memories = (state: ProbesState) =>
        state.probes.map(({ probe, component, base, health, results }) => ({
          probe,
          component,
          base,
          health,
          results,
        }));
      expect(memories(merged)).toEqual(memories(all));
      ProbesStateSchema.parse(merged);
    });
    fc.assert(check, { numRuns: 100 });
  });

  test('the order does not matter, and merging again adds nothing', () => {
    const check = fc.property(writers, ({ ours, theirs }) => {
      const merged = mergeProbes(ours, theirs);
      expect(mergeProbes(theirs, ours)).toEqual(merged);
      expect(mergeProbes(merged, theirs)).toEqual(merged);
      expect(mergeProbes(ours, merged)).toEqual(merged);
      expect(mergeProbes(merged, merged)).toEqual(merged);
      const [a, b] = [deriveUptime(undefined, ours), deriveUptime(undefined, theirs)];
      const buckets = mergeUptime(a, b);
      expect(mergeUptime(b, a)).toEqual(buckets);
      expect(mergeUptime(buckets, a)).toEqual(buckets);
      expect(mergeUptime(a, a)).toEqual(a);
      UptimeState.parse(buckets);
    });
    fc.assert(check, { numRuns: 100 });
  });
});
