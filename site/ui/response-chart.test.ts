import { expect, test } from 'vitest';
import { describeTimes, responseChart } from './response-chart.ts';

/** Two hours from 22:30, in quarters: a gap, a lonely answer, and a present quarter of which nothing is known yet. */
const times = {
  from: '2026-11-19T22:30:00Z',
  step_minutes: 15 as const,
  medians_ms: [100, 110, null, null, 300, null, 150, null],
};

test('where nothing was measured there is no line, and one answer alone is a dash', () => {
  expect(responseChart(times)).toEqual({
    width: 8,
    line: 'M0.5 66.67L1.5 63.33M4.1 0h.8M6.1 50h.8',
    area: 'M0.5 100L0.5 66.67L1.5 63.33V100Z',
    gaps: 'M2.1 99h.8M3.1 99h.8M5.1 99h.8',
    scale: ['0 ms', '150 ms', '300 ms'],
    hours: [{ at: 75, text: '20 Nov' }],
  });
});

test('the chart is told in words: what is usual, what was slowest, and the gaps', () => {
  expect(describeTimes(times)).toBe(
    'Typically 110 ms, at most 300 ms (23:30 UTC). No answer from 23:00 to 23:30, 23:45 to 00:00.',
  );
  expect(describeTimes({ ...times, medians_ms: [1250, 980] })).toBe('Typically 980 ms, at most 1.25 s (22:30 UTC).');
});

test('of many gaps the newest are told and the others counted', () => {
  const medians_ms = Array.from({ length: 11 }, (_, step) => (step % 2 === 0 ? 40 : null));
  expect(describeTimes({ ...times, medians_ms })).toBe(
    'Typically 40 ms, at most 40 ms (01:00 UTC). No answer from 23:45 to 00:00, 00:15 to 00:30, 00:45 to 01:00, and 2 times before.',
  );
});

test('a day has its hours on the ground, midnight by its date', () => {
  const day = { ...times, from: '2026-11-19T10:15:00Z', medians_ms: Array.from({ length: 96 }, () => 5) };
  expect(responseChart(day).hours).toEqual([
    { at: 7.29, text: '12:00' },
    { at: 32.29, text: '18:00' },
    { at: 57.29, text: '20 Nov' },
    { at: 82.29, text: '06:00' },
  ]);
  expect(responseChart(day).scale).toEqual(['0 ms', '5 ms', '10 ms']);
});
