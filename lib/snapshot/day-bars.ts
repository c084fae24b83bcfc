import { uptimeBucketDays } from '../policy/constants.ts';
import { worseOf } from '../policy/rollup.ts';
import type { Stretch } from '../policy/timeline.ts';
import type { PublicDay } from '../schema/snapshot.ts';
import type { ReportedStatus } from '../schema/status.ts';
import type { ComponentObservations } from './observations.ts';

/** A day (UTC) in milliseconds. */
export const dayMs = 24 * 60 * 60 * 1000;

/**
 * The last 90 days (UTC) of a component, oldest first, today last. A day shows the worst that was measured or that an
 * incident told of it; a day of which nobody knows anything is `no_data`. Only measurements make an uptime figure.
 */
export function dayBars(
  stretches: readonly Stretch[],
  observations: Pick<ComponentObservations, 'days'> | undefined,
  now: Date,
): PublicDay[] {
  const told = toldByDay(stretches, now);
  return lastDays(now).map((date) => {
    const measured = observations?.days.get(date);
    const worst = worst2(told.get(date), measured?.status);
    return {
      date,
      status: worst ?? 'no_data',
      ...(measured?.uptime === undefined ? {} : { uptime: measured.uptime }),
    };
  });
}

/** The first instant of the oldest day that is shown. */
export function startOfBars(now: Date): Date {
  return new Date(Math.floor(now.getTime() / dayMs) * dayMs - (uptimeBucketDays - 1) * dayMs);
}

function lastDays(now: Date): string[] {
  const first = startOfBars(now).getTime();
  return Array.from({ length: uptimeBucketDays }, (_, index) => dateOf(first + index * dayMs));
}

function toldByDay(stretches: readonly Stretch[], now: Date): Map<string, ReportedStatus> {
  const told = new Map<string, ReportedStatus>();
  const first = startOfBars(now).getTime();
  for (const { status, from, until } of stretches) {
    if (status === 'operational') continue;
    const begin = Math.max(Math.floor(from.getTime() / dayMs) * dayMs, first);
    for (let day = begin; day < until.getTime(); day += dayMs) {
      const date = dateOf(day);
      told.set(date, worst2(told.get(date), status) ?? status);
    }
  }
  return told;
}

function worst2(a: ReportedStatus | undefined, b: ReportedStatus | undefined): ReportedStatus | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return worseOf(a, b);
}

/** The date (UTC) of an instant in milliseconds: `YYYY-MM-DD`. */
export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
