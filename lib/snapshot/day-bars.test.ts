import { expect, test } from 'vitest';
import { stretchesOf } from '../policy/timeline.ts';
import { incident, instant } from '../testing/builders.ts';
import { dayBars } from './day-bars.ts';

const now = instant('2026-11-20T10:07:00Z');

function known(bars: ReturnType<typeof dayBars>) {
  return bars.filter(({ status }) => status !== 'no_data');
}

test('ninety days are shown, the last of them today', () => {
  const bars = dayBars([], undefined, now);
  expect(bars.length).toBe(90);
  expect(bars[0]).toEqual({ date: '2026-08-23', status: 'no_data' });
  expect(bars.at(-1)).toEqual({ date: '2026-11-20', status: 'no_data' });
});

test('a day shows the worst that an incident told of it, without a figure', () => {
  const told = stretchesOf(
    incident({
      startedAt: '2026-11-17T23:30:00Z',
      components: { payments: 'degraded_performance' },
      updates: [
        { at: '2026-11-18T08:00:00Z', components: { payments: 'major_outage' } },
        { at: '2026-11-18T09:00:00Z', components: { payments: 'degraded_performance' } },
        { at: '2026-11-19T00:00:00Z', state: 'resolved' },
      ],
    }),
    now,
  );
  expect(known(dayBars(told, undefined, now))).toEqual([
    { date: '2026-11-17', status: 'degraded_performance' },
    { date: '2026-11-18', status: 'major_outage' },
  ]);
});

test('a measured day shows its figure, and the worse of what was measured and told', () => {
  const told = stretchesOf(
    incident({ startedAt: '2026-11-19T08:00:00Z', updates: [{ at: '2026-11-19T09:00:00Z', state: 'resolved' }] }),
    now,
  );
  const days = new Map([
    ['2026-11-18', { status: 'operational', uptime: 100 } as const],
    ['2026-11-19', { status: 'degraded_performance', uptime: 97.5 } as const],
  ]);
  expect(known(dayBars(told, { days }, now))).toEqual([
    { date: '2026-11-18', status: 'operational', uptime: 100 },
    { date: '2026-11-19', status: 'partial_outage', uptime: 97.5 },
  ]);
});

test('an open incident reaches until now, and one that began long ago fills what is shown', () => {
  const told = stretchesOf(incident({ startedAt: '2026-01-01T00:00:00Z' }), now);
  expect(known(dayBars(told, undefined, now)).length).toBe(90);
});

test('time in which an incident calls a component operational tells nothing of the day', () => {
  const told = stretchesOf(
    incident({
      startedAt: '2026-11-18T08:00:00Z',
      updates: [{ at: '2026-11-18T09:00:00Z', components: { payments: 'operational' } }],
    }),
    now,
  );
  expect(known(dayBars(told, undefined, now))).toEqual([{ date: '2026-11-18', status: 'partial_outage' }]);
});

test('where resolved_at says when the trouble ended, the days after it are not blamed', () => {
  const told = stretchesOf(
    incident({
      startedAt: '2026-11-18T23:00:00Z',
      resolvedAt: '2026-11-18T23:58:00Z',
      updates: [{ at: '2026-11-19T00:05:00Z', state: 'resolved' }],
    }),
    now,
  );
  expect(known(dayBars(told, undefined, now)).map(({ date }) => date)).toEqual(['2026-11-18']);
});
