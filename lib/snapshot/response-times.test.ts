import { expect, test } from 'vitest';
import type { ProbeRecord, RawResult } from '../schema/state.ts';
import { instant } from '../testing/builders.ts';
import { responseTimesOf } from './response-times.ts';

const now = instant('2026-11-20T10:07:00Z');
const at = (text: string) => instant(text).getTime();

function record(...results: RawResult[]): ProbeRecord {
  const health = { verdict: 'up', consecutive_failures: 0, consecutive_passes: 1 } as const;
  return { probe: 'api', component: 'payments', on_failure: 'major_outage', base: health, health, results };
}

test('quarters of an hour begin on the clock, the last of 96 is the present one', () => {
  const times = responseTimesOf([record([at('2026-11-20T10:06:00Z'), 'p', 120])], now);
  expect([times?.from, times?.mediansMs.length, times?.mediansMs.at(-1)]).toEqual([
    instant('2026-11-19T10:15:00Z'),
    96,
    120,
  ]);
});

test('the median is over all passes of all probes; failures and what was not measured have no response time', () => {
  const times = responseTimesOf(
    [
      record([at('2026-11-20T10:00:00Z'), 'p', 100], [at('2026-11-20T10:05:00Z'), 'p', 301, 'm']),
      record([at('2026-11-20T10:00:00Z'), 'p', 110.4], [at('2026-11-20T10:05:00Z'), 'p', 120]),
      record([at('2026-11-20T09:50:00Z'), 'f', 'timeout'], [at('2026-11-20T09:55:00Z'), 'u', 'runner_offline']),
    ],
    now,
  );
  expect(times?.mediansMs.slice(-2)).toEqual([undefined, 115]);
});

test('a quarter in which somebody asked and nobody answered is told from one in which nobody asked', () => {
  const times = responseTimesOf(
    [
      record([at('2026-11-20T10:00:00Z'), 'p', 100], [at('2026-11-20T10:05:00Z'), 'f', 'timeout']),
      record([at('2026-11-20T09:30:00Z'), 'u', 'runner_offline'], [at('2026-11-20T09:45:00Z'), 'f', 'timeout']),
    ],
    now,
  );
  expect([times?.mediansMs.slice(-3), times?.unanswered]).toEqual([[undefined, undefined, 100], [94]]);
});

test('what is older than the window or later than now is left out', () => {
  const passes = ['2026-11-19T10:14:59Z', '2026-11-20T10:07:01Z'].map((text): RawResult => [at(text), 'p', 5]);
  expect(responseTimesOf([record(...passes)], now)).toBeUndefined();
  expect(responseTimesOf([record([at('2026-11-19T10:15:00Z'), 'p', 5])], now)?.mediansMs[0]).toBe(5);
});
