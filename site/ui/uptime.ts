import type { DayStatus, PublicComponent, PublicDay } from '../../lib/schema/snapshot.ts';
import { dateRange, shortDate } from './time.ts';
import { count, statusWords } from './words.ts';

/** A stretch of days that share a status. */
export interface Run {
  readonly status: DayStatus;
  readonly first: string;
  readonly last: string;
  readonly days: number;
  readonly uptime: number | undefined;
}

/** What the bar draws: one path for the days of a quiet status, and one for each day that deserves a name. */
export interface Stroke {
  readonly status: DayStatus;
  readonly path: string;
  readonly title: string | undefined;
}

/** A day is 4 wide: 3 of ink and 1 of paper. */
export const dayWidth = 4;

/** Worse days stand taller, and lines break in their own way, so that the bar can be read without colour. */
const shapes: Record<DayStatus, { readonly height: number; readonly line: string }> = {
  no_data: { height: 2, line: 'v-2' },
  operational: { height: 14, line: 'v-14' },
  under_maintenance: { height: 21, line: 'v-5m0-3v-5m0-3v-5' },
  degraded_performance: { height: 22, line: 'v-22' },
  partial_outage: { height: 31, line: 'v-14m0-3v-14' },
  major_outage: { height: 40, line: 'v-40' },
};

/** The height of the tallest day; the bars stand on a ground line at 0 and grow upwards. */
export function barHeight(days: readonly PublicDay[]): number {
  return Math.max(...days.map(({ status }) => shapes[status].height));
}

const quiet: readonly DayStatus[] = ['operational', 'no_data'];

/** The strokes of a bar, oldest day first. */
export function strokes(days: readonly PublicDay[]): Stroke[] {
  const at = (index: number, status: DayStatus) => `M${index * dayWidth + 1.5} 0${shapes[status].line}`;
  const calm = quiet.map((status) => ({
    status,
    path: days.map((day, index) => (day.status === status ? at(index, status) : '')).join(''),
    title: undefined,
  }));
  const named = days.flatMap((day, index) =>
    quiet.includes(day.status) ? [] : [{ status: day.status, path: at(index, day.status), title: dayTitle(day) }],
  );
  return [...calm.filter(({ path }) => path !== ''), ...named];
}

/** The bar in words, for those who do not see it. */
export function describeDays(days: readonly PublicDay[]): string {
  if (days.every(({ status }) => status === 'no_data')) return `Last ${count(days.length, 'day')}: no data yet.`;
  const parts = runsByStatus(days).map(({ status, total, runs }) => {
    const dates = quiet.includes(status) ? '' : ` (${datesOf(runs)})`;
    return `${count(total, 'day')} ${statusWords[status].toLowerCase()}${dates}`;
  });
  return `Last ${count(days.length, 'day')}: ${parts.join('; ')}.`;
}

/** The days as stretches of one status, newest first; the uptime of a stretch is that of its worst day. */
export function dayRuns(days: readonly PublicDay[]): Run[] {
  const runs: Run[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.status === day.status) {
      const uptime = Math.min(run.uptime ?? 100, day.uptime ?? 100);
      const known = run.uptime !== undefined || day.uptime !== undefined;
      runs[runs.length - 1] = { ...run, last: day.date, days: run.days + 1, uptime: known ? uptime : undefined };
    } else runs.push({ status: day.status, first: day.date, last: day.date, days: 1, uptime: day.uptime });
  }
  return runs.reverse();
}

/** A share of time: `99.981 %`, as the snapshot has it, which never rounds up. */
export function percent(value: number): string {
  return `${value} %`;
}

/**
 * The uptime of the days that are shown. Where much less than all of them was measured, it says how much: a figure of two
 * hours is none of 90 days.
 */
export function uptimeWords({
  days,
  uptime_90d: uptime,
  measured_seconds_90d: seconds = 0,
}: Pick<PublicComponent, 'days' | 'uptime_90d' | 'measured_seconds_90d'>): string {
  if (uptime === undefined) return 'No uptime data yet';
  const isWhole = seconds >= mostOf * days.length * daySeconds;
  return `${percent(uptime)} uptime${isWhole ? '' : ` in ${spanOf(seconds)} measured`}`;
}

const daySeconds = 24 * 60 * 60;
/** From this share on, what was measured counts as all of the days. */
const mostOf = 0.9;

/** In the largest unit of which there are two, cut and never rounded up. */
function spanOf(seconds: number): string {
  if (seconds >= 2 * daySeconds) return count(Math.floor(seconds / daySeconds), 'day');
  if (seconds >= 2 * 60 * 60) return count(Math.floor(seconds / 3600), 'hour');
  return seconds < 60 ? 'less than a minute' : count(Math.floor(seconds / 60), 'minute');
}

/** The newest stretches by their dates; a listener is not kept for all of many. */
function datesOf(runs: readonly Run[]): string {
  const told = runs.slice(0, 4).map((run) => dateRange(run.first, run.last));
  return [...told, ...(runs.length > 4 ? [`and ${runs.length - 4} more`] : [])].join(', ');
}

function dayTitle(day: PublicDay): string {
  const uptime = day.uptime === undefined ? '' : `, ${percent(day.uptime)} uptime`;
  return `${shortDate(day.date)}: ${statusWords[day.status].toLowerCase()}${uptime}`;
}

function runsByStatus(days: readonly PublicDay[]): { status: DayStatus; total: number; runs: Run[] }[] {
  const runs = dayRuns(days);
  const statuses = [...new Set(runs.map(({ status }) => status))];
  return statuses.map((status) => {
    const own = runs.filter((run) => run.status === status);
    return { status, total: own.reduce((sum, run) => sum + run.days, 0), runs: own };
  });
}
