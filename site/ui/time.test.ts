import { expect, test } from 'vitest';
import { dateRange, duration, lastDays, longDate, utc } from './time.ts';

test.each([
  ['full', '5 Nov 2026, 09:05 UTC'],
  ['day', '5 Nov, 09:05 UTC'],
  ['time', '09:05 UTC'],
] as const)('an instant is written in UTC (%s)', (detail, expected) => {
  expect(utc('2026-11-05T09:05:59Z', detail)).toBe(expected);
});

test.each([
  ['2026-11-20T09:00:00Z', '2026-11-20T09:00:20Z', 'less than a minute'],
  ['2026-11-20T09:00:00Z', '2026-11-20T09:01:00Z', '1 minute'],
  ['2026-11-20T09:00:00Z', '2026-11-20T11:00:00Z', '2 hours'],
  ['2026-11-20T09:00:00Z', '2026-11-20T10:25:00Z', '1 hour 25 minutes'],
  ['2026-11-20T09:00:00Z', '2026-11-22T10:25:00Z', '2 days 1 hour'],
  ['2026-11-20T09:00:00Z', '2026-11-22T09:25:00Z', '2 days'],
])('a duration has its two largest units: %s to %s', (from, to, expected) => {
  expect(duration(from, to)).toBe(expected);
});

test.each([
  ['2026-11-03', '2026-11-03', '3 Nov'],
  ['2026-11-03', '2026-11-09', '3 to 9 Nov'],
  ['2026-10-28', '2026-11-03', '28 Oct to 3 Nov'],
  ['2025-11-28', '2026-11-03', '28 Nov to 3 Nov'],
])('a stretch of days repeats no month: %s to %s', (first, last, expected) => {
  expect(dateRange(first, last)).toBe(expected);
});

test('the last days end with the day of the instant, newest first, across a leap day', () => {
  expect(lastDays('2028-03-01T00:00:00Z', 3)).toEqual(['2028-03-01', '2028-02-29', '2028-02-28']);
});

test('a day has its weekday', () => {
  expect(longDate('2026-11-20')).toBe('Friday 20 November');
});
