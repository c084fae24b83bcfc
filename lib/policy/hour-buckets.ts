import type { ComponentId } from '../schema/identifier.ts';
import type { UptimeRecord } from '../schema/state.ts';
import type { ReportedStatus } from '../schema/status.ts';
import { uptimeBucketDays } from './constants.ts';

/** Seconds that a component was in each status; what is missing to the whole is no data. */
export type SecondsByStatus = Readonly<Record<ReportedStatus, number>>;

/** No seconds of anything. */
export const noSeconds: SecondsByStatus = {
  operational: 0,
  degraded_performance: 0,
  partial_outage: 0,
  major_outage: 0,
  under_maintenance: 0,
};

/** The statuses that few hours know and that are stored by hour. */
const rareStatuses = ['degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance'] as const;

/**
 * After a silence as long as buckets are kept nothing is added to a record, until what is before is forgotten: one run by
 * a clock that is years ahead would fill it with empty hours.
 */
const longestGapHours = uptimeBucketDays * 24;

/** Hours since 1970 with their seconds, in any order, as a record; `undefined` where there is no second in them. */
export function recordOf(
  component: ComponentId,
  hours: ReadonlyMap<number, SecondsByStatus>,
): UptimeRecord | undefined {
  const filled = beforeGap([...hours].filter(([, seconds]) => totalOf(seconds) > 0).toSorted(([a], [b]) => a - b));
  const first_hour = filled[0]?.[0];
  const last = filled.at(-1)?.[0];
  if (first_hour === undefined || last === undefined) return undefined;
  const operational = new Array<number>(last - first_hour + 1).fill(0);
  for (const [hour, seconds] of filled) operational[hour - first_hour] = seconds.operational;
  const rare = (status: ReportedStatus) =>
    Object.fromEntries(filled.flatMap(([hour, of]) => (of[status] > 0 ? [[hour - first_hour, of[status]]] : [])));
  return { component, first_hour, hours: { operational, ...columns(rare) } };
}

function beforeGap<T>(hours: readonly (readonly [hour: number, seconds: T])[]): typeof hours {
  const end = hours.findIndex(([hour], index) => hour - (hours[index - 1]?.[0] ?? hour) > longestGapHours);
  return end === -1 ? hours : hours.slice(0, end);
}

/** The hours of a record from `from` on and before `until` that have a second in them; hours since 1970. */
export function hoursOf(record: UptimeRecord, from: number, until: number): Map<number, SecondsByStatus> {
  const { first_hour, hours } = record;
  const end = Math.min(until, endOf(record));
  const found = new Map<number, SecondsByStatus>();
  for (let hour = Math.max(from, first_hour); hour < end; hour++) {
    const seconds = secondsOf(hours, hour - first_hour);
    if (totalOf(seconds) > 0) found.set(hour, seconds);
  }
  return found;
}

/** The record with other hours from `from` on, and its own before. */
export function withHoursFrom(
  component: ComponentId,
  record: UptimeRecord | undefined,
  from: number,
  hours: ReadonlyMap<number, SecondsByStatus>,
): UptimeRecord | undefined {
  const older = record === undefined ? undefined : hoursWithin(record, Number.NEGATIVE_INFINITY, from);
  const newer = recordOf(component, hours);
  if (older === undefined || newer === undefined) return older ?? newer;
  if (newer.first_hour - endOf(older) >= longestGapHours) return older;
  const moved = newer.first_hour - older.first_hour;
  const gap = new Array<number>(moved - older.hours.operational.length).fill(0);
  return {
    component,
    first_hour: older.first_hour,
    hours: {
      operational: older.hours.operational.concat(gap, newer.hours.operational),
      ...columns((status) => ({ ...older.hours[status], ...shifted(newer.hours[status], moved) })),
    },
  };
}

/** The record with its hours from `from` on and before `until` alone; `undefined` where none is left. */
export function hoursWithin(record: UptimeRecord, from: number, until: number): UptimeRecord | undefined {
  const { component, first_hour, hours } = record;
  let first = Math.max(from, first_hour);
  let end = Math.min(until, endOf(record));
  const isEmpty = (hour: number) => totalOf(secondsOf(hours, hour - first_hour)) === 0;
  while (first < end && isEmpty(first)) first++;
  while (end > first && isEmpty(end - 1)) end--;
  if (first >= end) return undefined;
  const kept = (column: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(column).filter(([at]) => inside(first_hour + Number(at), first, end)));
  return {
    component,
    first_hour: first,
    hours: {
      operational: paddedTo(end - first, hours.operational.slice(first - first_hour, end - first_hour)),
      ...columns((status) => shifted(kept(hours[status]), first_hour - first)),
    },
  };
}

function paddedTo(length: number, column: readonly number[]): number[] {
  return column.concat(new Array<number>(length - column.length).fill(0));
}

/** The hour after the last that the record knows. */
export function endOf({ first_hour, hours }: UptimeRecord): number {
  const rare = rareStatuses.flatMap((status) => Object.keys(hours[status]).map(Number));
  return first_hour + rare.reduce((end, at) => Math.max(end, at + 1), hours.operational.length);
}

function secondsOf(hours: UptimeRecord['hours'], at: number): SecondsByStatus {
  return { operational: hours.operational[at] ?? 0, ...columns((status) => hours[status][at] ?? 0) };
}

function totalOf(seconds: SecondsByStatus): number {
  return rareStatuses.reduce((sum, status) => sum + seconds[status], seconds.operational);
}

function columns<T>(of: (status: (typeof rareStatuses)[number]) => T) {
  return {
    degraded_performance: of('degraded_performance'),
    partial_outage: of('partial_outage'),
    major_outage: of('major_outage'),
    under_maintenance: of('under_maintenance'),
  };
}

function shifted(column: Readonly<Record<string, number>>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(column).map(([at, seconds]) => [Number(at) + by, seconds]));
}

function inside(hour: number, first: number, end: number): boolean {
  return hour >= first && hour < end;
}
