import { describe, expect, test } from 'vitest';
import type { UptimeRecord } from '../schema/state.ts';
import { runsOf, stateAfter } from '../testing/probe-histories.ts';
import { hoursOf, noSeconds } from './hour-buckets.ts';
import { foldRun } from './probe-run.ts';
import { deriveUptime, secondsByStatus, upAndDown, uptimePercent, worstMeasured } from './uptime.ts';

const hourMs = 60 * 60 * 1000;
const noon = Date.parse('2026-11-20T12:00:00Z');

/** Seconds by status of the hours from noon on, of a component whose probes were asked every five minutes. */
function hours(histories: Readonly<Record<string, string>>, count = 1) {
  const [record] = deriveUptime(undefined, stateAfter(runsOf(histories))).components;
  return Array.from({ length: count }, (_, hour) => filled(record, noon + hour * hourMs));
}

/** What is not zero of an hour. */
function filled(record: UptimeRecord | undefined, fromMs: number) {
  const seconds = record === undefined ? noSeconds : secondsByStatus(record, fromMs, fromMs + hourMs);
  return Object.fromEntries(Object.entries(seconds).filter(([, of]) => of > 0));
}

describe('by hand', () => {
  test('a day with an outage of 17 minutes', () => {
    // Asked every minute of the day: 1440 runs. The 17 runs from 10:07 to 10:23 fail, that of 10:24 passes.
    // Down from 10:07 to 10:24: 17 * 60 = 1020 s, all of it in the hour from 10:00: 3600 - 1020 = 2580 s up in it.
    // Up in the day: 86400 - 1020 = 85380 s; 85380 / 86400 = 0.988194..., so 98.819 %.
    const day = `${'p'.repeat(607)}${'F'.repeat(17)}${'p'.repeat(816)}`;
    const runs = runsOf({ shop: day }, { start: '2026-11-20T00:00:00Z', intervalSeconds: 60 });
    const { components } = deriveUptime(undefined, stateAfter(runs));
    const operational = new Array(24).fill(3600).with(10, 2580);
    const none = { degraded_performance: {}, partial_outage: {}, under_maintenance: {} };
    const first_hour = Date.parse('2026-11-20T00:00:00Z') / hourMs;
    expect(components).toEqual([
      { component: 'shop', first_hour, hours: { operational, ...none, major_outage: { 10: 1020 } } },
    ]);
    const dayMs = Date.parse('2026-11-20T00:00:00Z');
    const seconds = components.map((record) => secondsByStatus(record, dayMs, dayMs + 24 * hourMs));
    expect(seconds).toEqual([{ ...noSeconds, operational: 85_380, major_outage: 1020 }]);
    expect(seconds.map((of) => uptimePercent(upAndDown(of)))).toEqual([98.819]);
    expect(seconds.map(worstMeasured)).toEqual(['major_outage']);
  });

  test('the example of the documentation', () => {
    // As docs/uptime.md has it: 4 runs up, 3 degraded, 3 down, 1 announced, 1 not measured; 2100 / 3000 = 70 %.
    const runs = runsOf({ 'a shop': 'ppFFFpppFp(?)?', 'b shop': 'ppppppFFFp(p)?' }).map((run) => ({
      ...run,
      results: run.results.map((result) =>
        result.probe === 'b' ? { ...result, onFailure: 'degraded_performance' as const } : result,
      ),
    }));
    const [record] = deriveUptime(undefined, stateAfter(runs)).components;
    if (record === undefined) throw new Error('There is no record.');
    const seconds = secondsByStatus(record, noon, noon + hourMs);
    expect(seconds).toEqual({
      operational: 1200,
      degraded_performance: 900,
      partial_outage: 0,
      major_outage: 900,
      under_maintenance: 300,
    });
    expect(uptimePercent(upAndDown(seconds))).toBe(70);
  });

  test('degraded counts as up, partial as down, maintenance as neither', () => {
    // up 3000 + 300 = 3300, down 100 + 200 = 300, and 900 of maintenance: 3300 / 3600 = 0.91666..., so 91.666 %.
    const seconds = {
      operational: 3000,
      degraded_performance: 300,
      partial_outage: 100,
      major_outage: 200,
      under_maintenance: 900,
    };
    expect(upAndDown(seconds)).toEqual({ up: 3300, down: 300 });
    expect(uptimePercent(upAndDown(seconds))).toBe(91.666);
  });

  test.each([
    // 90 days have 7,776,000 s. 31 of them lost: 7775969 / 7776000 = 0.999996..., cut to 99.999.
    ['99.9996 is 99.999', 7_775_969, 31, 99.999],
    ['one second in 90 days is enough', 7_775_999, 1, 99.999],
    ['100 is only where nothing was lost', 7_776_000, 0, 100],
    // 2 / 3 = 0.66666...
    ['cut, not rounded', 2, 1, 66.666],
    // 57.001 is not exact in binary: 57001 * 100000 / 100000 is, before the division by 1000.
    ['a figure of three decimals stays itself', 57_001, 42_999, 57.001],
    ['nothing worked', 0, 5, 0],
    ['nothing was measured', 0, 0, undefined],
  ])('%s', (_rule, up, down, percent) => expect(uptimePercent({ up, down })).toBe(percent));

  test.each([
    ['passes', { shop: 'pppppppppppp' }, { operational: 3600 }],
    ['the newest run holds for an interval', { shop: 'p' }, { operational: 300 }],
    ['two failures count as up', { shop: 'ppFFpp' }, { operational: 1800 }],
    ['two failures at the end count as up so far', { shop: 'ppFF' }, { operational: 1200 }],
    ['three failures count from the first', { shop: 'ppFFF' }, { operational: 600, major_outage: 900 }],
    ['what was not measured is no data', { shop: 'p?p' }, { operational: 600 }],
    ['an outage goes on behind what was not measured', { shop: 'pF?FF' }, { operational: 300, major_outage: 900 }],
    ['the first of two passes is up already', { shop: 'FFFpp' }, { operational: 600, major_outage: 900 }],
    ['a lone pass in an outage is not', { shop: 'FFFpFp' }, { major_outage: 1800 }],
    ['before anything is concluded there is no data', { shop: 'FFp' }, { operational: 300 }],
    ['three failures at the start are an outage', { shop: 'FFF' }, { major_outage: 900 }],
    [
      'maintenance counts by itself',
      { shop: 'p(pFFF)FF' },
      { operational: 300, under_maintenance: 1200, major_outage: 600 },
    ],
    ['announced maintenance needs no sample', { shop: 'p(??)p' }, { operational: 600, under_maintenance: 600 }],
    [
      'the worse of two probes counts',
      { 'a shop': 'pppppp', 'b shop': 'pFFFpp' },
      { operational: 900, major_outage: 900 },
    ],
    ['one measured probe is enough', { 'a shop': 'p??p', 'b shop': '?p?p' }, { operational: 900 }],
    [
      'a probe that is down is no data while it is not measured',
      { 'a shop': 'pppp', 'b shop': 'FFF?' },
      { operational: 300, major_outage: 900 },
    ],
    ['what one probe cannot tell yet the other does', { 'a shop': 'pp', 'b shop': 'FF' }, { operational: 600 }],
    [
      'a probe that is asked no more still told of its time',
      { 'a shop': 'pppp', 'b shop': 'FFF.' },
      { operational: 300, major_outage: 900 },
    ],
  ])('%s', (_rule, histories, expected) => expect(hours(histories)).toEqual([expected]));

  test('an hour in which nobody asked is no data, and so is the rest of an interval that is over', () => {
    // 12:00 to 12:55 and from 14:00 on; the run of 12:55 holds until 13:00. Then 14:00 and 14:20: 300 s each.
    expect(hours({ shop: `${'p'.repeat(12)}${'.'.repeat(12)}p...p` }, 3)).toEqual([
      { operational: 3600 },
      {},
      { operational: 600 },
    ]);
  });

  test('an onset goes back over the hour', () => {
    // Failures at 12:50, 12:55, 13:00: the outage began at 12:50, 600 s before the hour was over.
    const runs = runsOf({ shop: `${'p'.repeat(10)}FFF` });
    const before = deriveUptime(undefined, stateAfter(runs.slice(0, 12)));
    expect(before.components.map((record) => filled(record, noon))).toEqual([{ operational: 3600 }]);
    const after = deriveUptime(before, stateAfter(runs));
    const found = [0, 1].map((hour) => after.components.map((record) => filled(record, noon + hour * hourMs)));
    expect(found).toEqual([[{ operational: 3000, major_outage: 600 }], [{ major_outage: 300 }]]);
  });

  test('a run that comes early ends the one before it; parts of a second are cut', () => {
    const [first, second] = runsOf({ shop: 'pF' });
    if (first === undefined || second === undefined) throw new Error('There were no runs.');
    const state = foldRun(foldRun(undefined, first), { ...second, at: new Date(noon + 61_900) });
    const [record] = deriveUptime(undefined, state).components;
    // 12:00:00 to 12:01:01, then 300 s more.
    expect(filled(record, noon)).toEqual({ operational: 361 });
  });

  test('each run holds for the interval that was meant at its time', () => {
    // Every five minutes until 12:10, then every minute, the last at 12:13: 600 + 3 * 60 + 60 s.
    const slow = runsOf({ shop: 'pp' });
    const fast = runsOf({ shop: 'pppp' }, { start: '2026-11-20T12:10:00Z', intervalSeconds: 60 });
    const { components } = deriveUptime(undefined, stateAfter([...slow, ...fast]));
    expect(components.map((record) => filled(record, noon))).toEqual([{ operational: 840 }]);
  });

  test('an outage counts as what the probe meant at its time', () => {
    const before = runsOf({ shop: 'FFF' });
    const after = runsOf({ shop: 'FF' }, { start: '2026-11-20T12:15:00Z', onFailure: 'degraded_performance' });
    const { components } = deriveUptime(undefined, stateAfter([...before, ...after]));
    expect(components.map((record) => filled(record, noon))).toEqual([
      { major_outage: 900, degraded_performance: 600 },
    ]);
  });
});

describe('buckets of older hours', () => {
  const older = deriveUptime(undefined, stateAfter(runsOf({ shop: 'FFF' }, { start: '2026-11-01T10:00:00Z' })));

  test('stay, with nothing between them and the new ones', () => {
    const { components } = deriveUptime(older, stateAfter(runsOf({ shop: 'p' })));
    const found = components.map((record) => [...hoursOf(record, 0, Number.POSITIVE_INFINITY)]);
    expect(found).toEqual([
      [
        [Date.parse('2026-11-01T10:00:00Z') / hourMs, { ...noSeconds, major_outage: 900 }],
        [noon / hourMs, { ...noSeconds, operational: 300 }],
      ],
    ]);
  });

  test('stay where a component has no probes any more', () => {
    const { components } = deriveUptime(older, stateAfter(runsOf({ till: 'p' })));
    expect(components.map(({ component }) => component)).toEqual(['shop', 'till']);
    expect(components[0]).toEqual(older.components[0]);
  });

  test('stay where nothing was measured since', () => {
    const silent = { ...stateAfter(runsOf({ shop: 'p' })), probes: [] };
    expect(deriveUptime(older, silent)).toEqual(older);
  });
});

test('a component that was only ever unmeasured has no buckets', () => {
  expect(deriveUptime(undefined, stateAfter(runsOf({ shop: '???' })))).toEqual({ components: [] });
});

test('the worst status is the worst of which there is a second', () => {
  expect(worstMeasured(noSeconds)).toBeUndefined();
  expect(worstMeasured({ ...noSeconds, operational: 1 })).toBe('operational');
  expect(worstMeasured({ ...noSeconds, operational: 9, under_maintenance: 1 })).toBe('under_maintenance');
  expect(worstMeasured({ ...noSeconds, operational: 9, degraded_performance: 1, under_maintenance: 5 })).toBe(
    'degraded_performance',
  );
});

test('the hours that are summed are those that begin in the time', () => {
  const [record] = deriveUptime(undefined, stateAfter(runsOf({ shop: 'p'.repeat(36) }))).components;
  if (record === undefined) throw new Error('There is no record.');
  const sum = (from: number, until: number) => secondsByStatus(record, noon + from, noon + until).operational;
  expect([sum(0, hourMs), sum(1, hourMs + 1), sum(-1, 0), sum(0, 9 * hourMs)]).toEqual([3600, 3600, 0, 10_800]);
});
