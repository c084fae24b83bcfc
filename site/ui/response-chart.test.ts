import { expect, test } from 'vitest';
import { responseChart } from './response-chart.ts';

/** Two hours from 22:30, in quarters: half an hour without an answer, one in which nobody asked, and a present one that has only begun. */
const times = {
  from: '2026-11-19T22:30:00Z',
  step_minutes: 15 as const,
  medians_ms: [100, 110, null, null, 300, null, 150, null],
  unanswered: [2, 3],
};

test('where nobody answered there is a dash on the ground, where nobody asked there is nothing, and one answer alone is a dash', () => {
  expect(responseChart(times)).toEqual({
    width: 8,
    line: 'M0.5 66.67L1.5 63.33M4.1 0h.8M6.1 50h.8',
    area: 'M0.5 100L0.5 66.67L1.5 63.33V100Z',
    gaps: 'M2.1 99h.8M3.1 99h.8',
    scale: ['0 ms', '150 ms', '300 ms'],
    hours: [{ at: 75, text: '20 Nov' }],
  });
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
