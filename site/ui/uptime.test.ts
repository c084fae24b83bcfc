import { expect, test } from 'vitest';
import { DayStatus } from '../../lib/schema/snapshot.ts';
import { barHeight, dayRuns, describeDays, percent, strokes, uptimeWords } from './uptime.ts';

const day = (date: string, status: DayStatus, uptime?: number) =>
  uptime === undefined ? { date, status } : { date, status, uptime };

const week = [
  day('2026-10-30', 'no_data'),
  day('2026-10-31', 'operational', 100),
  day('2026-11-01', 'partial_outage', 97.129),
  day('2026-11-02', 'partial_outage', 88),
  day('2026-11-03', 'operational', 99.996),
  day('2026-11-04', 'operational', 100),
];

test('quiet days are one stroke a status, the others one each with a name', () => {
  expect(strokes(week)).toEqual([
    { status: 'operational', path: 'M5.5 0v-14M17.5 0v-14M21.5 0v-14', title: undefined },
    { status: 'no_data', path: 'M1.5 0v-2', title: undefined },
    { status: 'partial_outage', path: 'M9.5 0v-14m0-3v-14', title: '1 Nov: partial outage, 97.129 % uptime' },
    { status: 'partial_outage', path: 'M13.5 0v-14m0-3v-14', title: '2 Nov: partial outage, 88 % uptime' },
  ]);
});

test('each kind of day has a shape of its own, so that colour is not needed', () => {
  const shapes = DayStatus.options.map((status) => strokes([day('2026-11-01', status)])[0]?.path);
  expect(new Set(shapes).size).toBe(DayStatus.options.length);
});

test('the bar is as tall as its worst day', () => {
  expect(barHeight(week)).toBe(31);
  expect(barHeight(week.slice(0, 1))).toBe(2);
});

test('the bar is told in words, with the dates of what went wrong', () => {
  expect(describeDays(week)).toBe(
    'Last 6 days: 3 days operational; 2 days partial outage (1 to 2 Nov); 1 day no data.',
  );
});

test('of many stretches the newest are told and the others counted', () => {
  const days = Array.from({ length: 12 }, (_, index) =>
    day(`2026-11-${String(index + 10)}`, index % 2 === 0 ? 'major_outage' : 'operational'),
  );
  expect(describeDays(days)).toBe(
    'Last 12 days: 6 days operational; 6 days major outage (20 Nov, 18 Nov, 16 Nov, 14 Nov, and 2 more).',
  );
});

test('days without data are never told as health', () => {
  expect(describeDays(week.slice(0, 1))).toBe('Last 1 day: no data yet.');
});

test('days of one status run together, newest first, with the uptime of the worst', () => {
  expect(dayRuns(week)).toEqual([
    { status: 'operational', first: '2026-11-03', last: '2026-11-04', days: 2, uptime: 99.996 },
    { status: 'partial_outage', first: '2026-11-01', last: '2026-11-02', days: 2, uptime: 88 },
    { status: 'operational', first: '2026-10-31', last: '2026-10-31', days: 1, uptime: 100 },
    { status: 'no_data', first: '2026-10-30', last: '2026-10-30', days: 1, uptime: undefined },
  ]);
});

test.each([
  [100, '100 %'],
  [99.999, '99.999 %'],
  [0, '0 %'],
])('uptime is never rounded up: %d', (value, expected) => {
  expect(percent(value)).toBe(expected);
});

const hour = 3600;
test.each([
  [undefined, 'No uptime data yet'],
  [59, '100 % uptime in less than a minute measured'],
  [60, '100 % uptime in 1 minute measured'],
  [2 * hour - 1, '100 % uptime in 119 minutes measured'],
  [3 * hour - 1, '100 % uptime in 2 hours measured'],
  [48 * hour - 1, '100 % uptime in 47 hours measured'],
  [72 * hour - 1, '100 % uptime in 2 days measured'],
  [81 * 24 * hour - 1, '100 % uptime in 80 days measured'],
  [81 * 24 * hour, '100 % uptime'],
])(
  'a figure says how much was measured where that is much less than 90 days, never rounded up: %s s, %s',
  (s, expected) => {
    const days = Array.from({ length: 90 }, () => day('2026-11-01', 'operational', 100));
    const measured = s === undefined ? {} : { uptime_90d: 100, measured_seconds_90d: s };
    expect(uptimeWords({ days, ...measured })).toBe(expected);
  },
);
