import { describe, expect, test } from 'vitest';
import { type ProbesState, ProbesState as ProbesStateSchema } from '../schema/state.ts';
import { runsOf, stateAfter } from '../testing/probe-histories.ts';
import { hoursOf } from './hour-buckets.ts';
import { freshHealth } from './hysteresis.ts';
import { foldRun } from './probe-run.ts';
import { pruneProbes, pruneUptime, uptimeWithoutFuture, withoutFuture } from './retention.ts';
import { deriveUptime } from './uptime.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const hourMs = 60 * 60 * 1000;
const minute = (minutes: number) => noon + minutes * 60_000;
const hoursLater = (hours: number, ms = 0) => new Date(noon + hours * hourMs + ms);

const instants = (state: ProbesState) =>
  state.probes.map(({ probe, results }) => [probe, ...results.map(([atMs]) => (atMs - noon) / 60_000)]);

describe('raw results', () => {
  const state = stateAfter(runsOf({ shop: 'pFFFp' }));

  test('of exactly 25 hours are kept, and a state that loses nothing is the same', () => {
    expect(pruneProbes(state, hoursLater(25))).toBe(state);
  });

  test('that are older go, and what they came to stays', () => {
    const pruned = pruneProbes(state, new Date(minute(10) + 25 * hourMs));
    expect(instants(pruned)).toEqual([['shop', 10, 15, 20]]);
    expect(pruned.pruned_before).toBe(minute(10));
    expect(pruned.probes[0]?.base).toEqual({
      verdict: 'up',
      consecutive_failures: 1,
      consecutive_passes: 0,
      run_began_at: minute(5),
      since: noon,
      known_at: noon,
      evidence_at: minute(5),
    });
    expect(pruned.probes[0]?.health).toEqual(state.probes[0]?.health);
    expect(pruned.components).toEqual(state.components);
    expect(pruned.pending).toEqual(state.pending);
  });

  test('pruning in two steps is pruning at once', () => {
    const late = new Date(minute(15) + 25 * hourMs);
    expect(pruneProbes(pruneProbes(state, new Date(minute(5) + 25 * hourMs)), late)).toEqual(pruneProbes(state, late));
  });

  test('a probe that is down and whose results are all gone is down still', () => {
    const pruned = pruneProbes(stateAfter(runsOf({ shop: 'FFF' })), hoursLater(48));
    expect(instants(pruned)).toEqual([['shop']]);
    const [next] = runsOf({ shop: 'p' }, { start: '2026-11-22T13:00:00Z' });
    if (next === undefined) throw new Error('There is no run.');
    expect(foldRun(pruned, next).probes[0]?.health.verdict).toBe('down');
  });

  test('a probe that no run of that time asked is forgotten, and its component where it was the last', () => {
    const before = stateAfter(runsOf({ shop: 'p', till: 'p' }));
    const [run] = runsOf({ shop: 'p' }, { start: '2026-11-21T14:00:00Z' });
    if (run === undefined) throw new Error('There is no run.');
    const pruned = pruneProbes(foldRun(before, run), hoursLater(26));
    expect(pruned.probes.map(({ probe }) => probe)).toEqual(['shop']);
    expect(pruned.components).toEqual({ shop: 'operational' });
  });

  test('what was meant before goes with the results that it was meant for', () => {
    const faster = runsOf(
      { shop: 'pp' },
      { start: '2026-11-20T12:25:00Z', intervalSeconds: 60, onFailure: 'partial_outage' },
    );
    const changed = stateAfter(faster, state);
    expect([changed.earlier_intervals, changed.probes[0]?.earlier_on_failure]).toEqual([
      [{ until: minute(25), value: 300 }],
      [{ until: minute(25), value: 'major_outage' }],
    ]);
    const pruned = pruneProbes(changed, new Date(minute(26) + 25 * hourMs));
    expect(pruned.earlier_intervals).toEqual(changed.earlier_intervals);
    expect(pruned.probes[0]?.earlier_on_failure).toBeUndefined();
    expect(pruneProbes(changed, new Date(minute(31) + 25 * hourMs)).earlier_intervals).toBeUndefined();
    ProbesStateSchema.parse(pruned);
  });
});

describe('buckets', () => {
  const first = deriveUptime(undefined, stateAfter(runsOf({ shop: 'FFF' }, { start: '2026-08-22T12:30:00Z' })));
  const uptime = deriveUptime(first, stateAfter(runsOf({ shop: 'pp', till: 'p' })));
  const days = (state: typeof uptime) =>
    state.components.map((record) =>
      [...hoursOf(record, 0, Number.POSITIVE_INFINITY).keys()].map((hour) =>
        new Date(hour * hourMs).toISOString().slice(0, 10),
      ),
    );

  test('of 90 days are kept', () => {
    expect(pruneUptime(uptime, new Date('2026-11-20T12:59:59Z'))).toEqual(uptime);
  });

  test('that are older go', () => {
    const pruned = pruneUptime(uptime, new Date('2026-11-20T13:00:00Z'));
    expect(days(pruned)).toEqual([['2026-11-20'], ['2026-11-20']]);
    expect(pruned.components[0]?.first_hour).toBe(noon / hourMs);
  });

  test('a component that has none left has no record', () => {
    expect(pruneUptime(uptime, new Date('2027-11-20T12:00:00Z'))).toEqual({ components: [] });
  });

  test('that begin later than now go when the future is set aside', () => {
    expect(days(uptimeWithoutFuture(uptime, new Date('2026-11-20T11:59:59Z')))).toEqual([['2026-08-22']]);
    expect(uptimeWithoutFuture(uptime, hoursLater(0))).toEqual(uptime);
  });
});

describe('a state with results of the future', () => {
  const past = stateAfter(runsOf({ shop: 'pp', till: 'FFF' }));
  const future = stateAfter(
    runsOf({ shop: 'FFF' }, { start: '2031-01-01T00:00:00Z', intervalSeconds: 60, onFailure: 'partial_outage' }),
    past,
  );

  test('is what it was before them, and they are handed over', () => {
    const { state, removed } = withoutFuture(future, hoursLater(1));
    expect(state).toEqual({ ...past, components: { shop: 'operational', till: 'major_outage' } });
    expect(removed.map(({ probe, results }) => [probe, results.map(([atMs, kind]) => [new Date(atMs), kind])])).toEqual(
      [
        [
          'shop',
          [
            [new Date('2031-01-01T00:00:00Z'), 'f'],
            [new Date('2031-01-01T00:01:00Z'), 'f'],
            [new Date('2031-01-01T00:02:00Z'), 'f'],
          ],
        ],
      ],
    );
  });

  test('forgets what was concluded of future results that were dropped', () => {
    const dropped = pruneProbes(future, new Date('2031-01-03T00:00:00Z'));
    const { state, removed } = withoutFuture(dropped, hoursLater(1));
    const shop = state.probes.find(({ probe }) => probe === 'shop');
    expect([shop?.base, shop?.health, shop?.results]).toEqual([freshHealth, freshHealth, []]);
    expect(state.pruned_before).toBe(hoursLater(1).getTime());
    expect(state.components).toEqual({});
    expect(removed.map(({ probe, base }) => [probe, base.verdict])).toEqual([['shop', 'down']]);
  });

  test('a result of this very instant is not of the future, and a state without any is the same', () => {
    const { state, removed } = withoutFuture(past, new Date(minute(10)));
    expect(state).toBe(past);
    expect(removed).toEqual([]);
  });
});
