import { expect, test } from 'vitest';
import type { Content } from '../content/content.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { deriveUptime } from '../policy/uptime.ts';
import type { UptimeState } from '../schema/state.ts';
import { component, content, incident, instant, override, probe } from '../testing/builders.ts';
import { runsOf, stateAfter } from '../testing/probe-histories.ts';
import { documentsOf } from './documents.ts';
import { type Measurements, noMeasurements, observationsOf } from './observations.ts';
import { buildPublicModel } from './public-model.ts';

const asked = content({ probes: [probe()] });

/** What one probe of payments came to, asked every five minutes from 12:00 on. */
function measured(history: string): Measurements {
  const probes = stateAfter(runsOf({ 'payments-api payments': history }));
  return { probes, uptime: deriveUptime(undefined, probes) };
}

function modelAt(now: string, measurements: Measurements, fields: Partial<Content> = {}) {
  const built = { ...asked, ...fields };
  const bodies = built.incidents.flatMap(({ updates }) => updates.map(({ body }) => body));
  return buildPublicModel({
    content: built,
    rendered: new Map(bodies.map((body) => [body, { html: body, text: body }])),
    observations: observationsOf(built, measurements, instant(now)),
    redaction: compileRedactionRules({ names: [], hosts: [], patterns: [] }),
    now: instant(now),
  });
}

function shownAt(now: string, measurements: Measurements, fields: Partial<Content> = {}) {
  const [payments] = modelAt(now, measurements, fields).snapshot.components;
  return [payments?.status, payments?.since];
}

test('a component without probes has no observations, one that was never asked is unknown', () => {
  expect(observationsOf(content(), noMeasurements, instant('2026-11-20T12:00:00Z')).components.size).toBe(0);
  expect(shownAt('2026-11-20T12:00:00Z', noMeasurements)).toEqual(['unknown', undefined]);
});

test('a probe without an answer, or that cannot be asked, is silence: worse than health, better than known trouble', () => {
  const twoProbes = { probes: [probe(), probe({ id: 'payments-web' })] };
  expect(shownAt('2026-11-20T12:12:00Z', measured('ppp'), twoProbes)).toEqual(['unknown', undefined]);
  expect(shownAt('2026-11-20T12:12:00Z', measured('FFF'), twoProbes)).toEqual(['major_outage', '2026-11-20T12:00:00Z']);
  const broken = { brokenProbes: ['payments'] };
  expect(shownAt('2026-11-20T12:12:00Z', measured('ppp'), broken)).toEqual(['unknown', undefined]);
  expect(shownAt('2026-11-20T12:12:00Z', measured('FFF'), broken)[0]).toBe('major_outage');
});

test('what a probe that is gone once said counts no more', () => {
  expect(shownAt('2026-11-20T12:12:00Z', measured('FFF'), { probes: [] })).toEqual(['operational', undefined]);
});

test('what was measured stays when the last probe of a component is gone; its status is that of one without probes', () => {
  const gone = { probes: [] };
  const [payments] = modelAt('2026-11-20T12:30:00Z', measured('ppFFFF'), gone).snapshot.components;
  expect([payments?.status, payments?.uptime_90d, payments?.measured_seconds_90d, payments?.days.at(-1)]).toEqual([
    'operational',
    33.333,
    1800,
    { date: '2026-11-20', status: 'major_outage', uptime: 33.333 },
  ]);
  expect(payments).not.toHaveProperty('response_times');
  expect(modelAt('2026-11-20T12:30:00Z', measured('ppp'), gone).snapshot).not.toHaveProperty('stale_after_seconds');
});

test.each([
  ['ppp', { status: 'operational', since: '2026-11-20T12:00:00Z' }],
  ['FFF', { status: 'major_outage', since: '2026-11-20T12:00:00Z' }],
])('an active override tells what its probes say meanwhile: %s', (history, otherwise) => {
  const pin = override({ setAt: '2026-11-20T12:12:00Z', expiresAt: '2026-11-20T12:15:00Z' });
  const pinned = { components: [component({ override: pin })] };
  const [payments] = modelAt('2026-11-20T12:12:00Z', measured(history), pinned).snapshot.components;
  expect(payments?.override?.otherwise).toEqual(otherwise);
  expect(shownAt('2026-11-20T12:15:00Z', measured(history), pinned)).toEqual([otherwise.status, otherwise.since]);
});

test.each([
  ['2026-11-20T12:10:01Z', 'operational'],
  ['2026-11-20T12:25:00Z', 'operational'],
  ['2026-11-20T12:25:01Z', 'unknown'],
  ['2026-11-25T00:00:00Z', 'unknown'],
])('after three intervals without evidence nothing is known, whoever builds the page: at %s %s', (now, expected) => {
  expect(shownAt(now, measured('ppp'))[0]).toBe(expected);
});

test('a page with probes becomes stale after three intervals, one without never does', () => {
  expect(modelAt('2026-11-20T12:12:00Z', measured('ppp')).snapshot.stale_after_seconds).toBe(900);
  expect(modelAt('2026-11-20T12:12:00Z', noMeasurements, { probes: [] }).snapshot).not.toHaveProperty(
    'stale_after_seconds',
  );
});

test.each([
  ['2026-11-20T12:11:59Z', ['major_outage', '2026-11-20T12:00:00Z']],
  ['2026-11-20T12:12:00Z', ['under_maintenance', '2026-11-20T12:12:00Z']],
  ['2026-11-20T12:14:59Z', ['under_maintenance', '2026-11-20T12:12:00Z']],
  ['2026-11-20T12:15:00Z', ['major_outage', '2026-11-20T12:00:00Z']],
])(
  'an override holds from set_at until just before expires_at, whether or not a job has run: at %s %j',
  (now, expected) => {
    const pin = override({ setAt: '2026-11-20T12:12:00Z', expiresAt: '2026-11-20T12:15:00Z' });
    expect(shownAt(now, measured('FFF'), { components: [component({ override: pin })] })).toEqual(expected);
  },
);

test('what people say and what probes say are shown as the worse of both', () => {
  const open = incident({ startedAt: '2026-11-20T12:01:00Z', updates: [{ at: '2026-11-20T12:05:00Z' }] });
  expect(shownAt('2026-11-20T12:12:00Z', measured('ppp'), { incidents: [open] })).toEqual([
    'partial_outage',
    '2026-11-20T12:01:00Z',
  ]);
  expect(shownAt('2026-11-20T12:12:00Z', measured('FFF'), { incidents: [open] })).toEqual([
    'major_outage',
    '2026-11-20T12:00:00Z',
  ]);
});

/** What `uptime.json` says of payments: of the days that are not without data, and of all of them. */
function uptimeAt(now: string, measurements: Measurements) {
  const value = documentsOf(modelAt(now, measurements)).find(({ path }) => path.endsWith('/uptime.json'))?.value;
  if (value === undefined || !('components' in value)) throw new Error('There is uptime.json.');
  const [payments] = value.components;
  if (payments === undefined || !('days' in payments)) throw new Error('Payments are in it.');
  const { days, uptime_90d } = payments;
  return { days: days.filter(({ status }) => status !== 'no_data'), uptime_90d };
}

test('down from the first of three failures to the first of two passes: 20 of 60 minutes make 66.666', () => {
  expect(uptimeAt('2026-11-20T13:00:00Z', measured('pppFFFFppppp'))).toEqual({
    days: [{ date: '2026-11-20', status: 'major_outage', uptime: 66.666 }],
    uptime_90d: 66.666,
  });
});

function hoursOf(component: string, first: string, hours: UptimeState['components'][number]['hours']): Measurements {
  const first_hour = instant(first).getTime() / 3_600_000;
  return { probes: undefined, uptime: { components: [{ component, first_hour, hours }] } };
}

const none = { degraded_performance: {}, partial_outage: {}, major_outage: {}, under_maintenance: {} };

test('one second lost in 90 days is not rounded away, and neither is it in a day', () => {
  const operational = Array.from({ length: 48 }, (_, hour) => (hour === 30 ? 3599 : 3600));
  const two = hoursOf('payments', '2026-11-18T00:00:00Z', { ...none, operational, major_outage: { 30: 1 } });
  // 86399 of 86400 are 99.99884…, 172799 of 172800 are 99.99942…
  expect(uptimeAt('2026-11-20T00:00:00Z', two)).toEqual({
    days: [
      { date: '2026-11-18', status: 'operational', uptime: 100 },
      { date: '2026-11-19', status: 'major_outage', uptime: 99.998 },
    ],
    uptime_90d: 99.999,
  });
});

test('degraded counts as up; maintenance and no data count on neither side, and make no figure alone', () => {
  const hours = {
    ...none,
    operational: [1800, 0, 0],
    degraded_performance: { 0: 900 },
    partial_outage: { 0: 300 },
    under_maintenance: { 0: 600, 24: 3600 },
  };
  // 2700 of 3000 seconds.
  expect(uptimeAt('2026-11-20T00:00:00Z', hoursOf('payments', '2026-11-18T00:00:00Z', hours))).toEqual({
    days: [
      { date: '2026-11-18', status: 'partial_outage', uptime: 90 },
      { date: '2026-11-19', status: 'under_maintenance' },
    ],
    uptime_90d: 90,
  });
});

test('hours outside the 90 days that are shown, and later than now, count for nothing', () => {
  const operational = Array.from({ length: 92 * 24 }, () => 3600);
  const hours = { ...none, operational, major_outage: {} };
  hours.operational.fill(0, 0, 24);
  const old = hoursOf('payments', '2026-08-22T00:00:00Z', { ...hours, major_outage: { 0: 3600, [91 * 24]: 3600 } });
  const { days, uptime_90d } = uptimeAt('2026-11-20T12:00:00Z', old);
  expect([days.length, days[0]?.date, uptime_90d]).toEqual([90, '2026-08-23', 100]);
});

test('nobody measured: no day, no figure, and never 100', () => {
  expect(uptimeAt('2026-11-20T12:12:00Z', noMeasurements)).toEqual({ days: [], uptime_90d: undefined });
  expect(uptimeAt('2026-11-20T12:12:00Z', measured('???'))).toEqual({ days: [], uptime_90d: undefined });
});

test('a page of an earlier instant knows nothing of what was measured after it', () => {
  const outage = measured('pppFFF');
  expect(shownAt('2026-11-20T12:10:00Z', outage)).toEqual(['operational', '2026-11-20T12:00:00Z']);
  expect(shownAt('2026-11-20T12:24:59Z', outage)).toEqual(['operational', '2026-11-20T12:00:00Z']);
  expect(shownAt('2026-11-20T12:25:00Z', outage)).toEqual(['major_outage', '2026-11-20T12:15:00Z']);
});
