import type { ProbeRecord, ProbesState, UptimeRecord, UptimeState } from '../schema/state.ts';
import type { ReportedStatus } from '../schema/status.ts';
import { valueAt } from './earlier-values.ts';
import { hoursOf, noSeconds, type SecondsByStatus, withHoursFrom } from './hour-buckets.ts';
import { worseOf } from './rollup.ts';
import { type SettledResult, settledResults } from './settled-results.ts';

const hourSeconds = 60 * 60;
const hourMs = hourSeconds * 1000;

/**
 * The hourly buckets with all that raw results tell: every hour that they cover whole is computed from them anew, older
 * ones stay. The same results give the same buckets, however often and after which runs this is done.
 */
export function deriveUptime(previous: UptimeState | undefined, probes: ProbesState): UptimeState {
  const before = previous ?? { components: [] };
  const from = firstWholeHour(probes);
  if (from === undefined) return before;
  const known = new Map(before.components.map((record) => [record.component, record]));
  const records = Map.groupBy(probes.probes, ({ component }) => component);
  const ids = [...new Set([...known.keys(), ...records.keys()])].sort();
  const components = ids.flatMap((id) => {
    const hours = measuredHours(records.get(id) ?? [], probes, from);
    return withHoursFrom(id, known.get(id), from, hours) ?? [];
  });
  return { components };
}

/** Seconds in each status in the hours that begin at `fromMs` or later and before `untilMs`. */
export function secondsByStatus(record: UptimeRecord, fromMs: number, untilMs: number): SecondsByStatus {
  return sumOf([...hoursOf(record, Math.ceil(fromMs / hourMs), Math.ceil(untilMs / hourMs)).values()]);
}

/** Seconds that count as up (operational, degraded) and as down (partial, major); maintenance counts as neither. */
export function upAndDown(seconds: SecondsByStatus): { up: number; down: number } {
  return {
    up: seconds.operational + seconds.degraded_performance,
    down: seconds.partial_outage + seconds.major_outage,
  };
}

/**
 * Per cent of the measured seconds in which it worked, cut to three decimals: 100 only where nothing was lost, and
 * `undefined` where nothing was measured.
 */
export function uptimePercent({ up, down }: { readonly up: number; readonly down: number }): number | undefined {
  return up + down === 0 ? undefined : Math.floor((up * 100_000) / (up + down)) / 1000;
}

const worstFirst = [
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'under_maintenance',
  'operational',
] as const satisfies readonly ReportedStatus[];

/** The worst status of which there is a second, or `undefined` where nothing was measured. */
export function worstMeasured(seconds: SecondsByStatus): ReportedStatus | undefined {
  return worstFirst.find((status) => seconds[status] > 0);
}

function sumOf(parts: readonly SecondsByStatus[]): SecondsByStatus {
  const sum = { ...noSeconds };
  for (const part of parts) for (const status of worstFirst) sum[status] += part[status];
  return sum;
}

/**
 * The first hour of which nothing was dropped, neither a result in it nor one that holds into it. Where nothing was ever
 * dropped it is the hour of the first result.
 */
function firstWholeHour(state: ProbesState): number | undefined {
  if (state.pruned_before !== undefined) {
    const longest = Math.max(state.interval_seconds, ...(state.earlier_intervals ?? []).map(({ value }) => value));
    return Math.ceil((state.pruned_before / 1000 + longest) / hourSeconds);
  }
  const first = state.probes.flatMap(({ results }) => results[0]?.[0] ?? []).reduce((a, b) => Math.min(a, b), Infinity);
  return first === Infinity ? undefined : Math.floor(first / hourMs);
}

/** Each status holds from its run to the next run of the component, and at most for an interval; to the second. */
function measuredHours(
  records: readonly ProbeRecord[],
  state: ProbesState,
  from: number,
): ReadonlyMap<number, SecondsByStatus> {
  const hours = new Map<number, Record<ReportedStatus, number>>();
  const runs = componentRuns(records);
  const interval = { earlier: state.earlier_intervals, value: state.interval_seconds };
  for (const [index, { atMs, status, announced }] of runs.entries()) {
    const shown = announced ? 'under_maintenance' : status;
    if (shown === undefined) continue;
    const second = Math.floor(atMs / 1000);
    const next = Math.floor((runs[index + 1]?.atMs ?? Infinity) / 1000);
    add(hours, shown, Math.max(second, from * hourSeconds), Math.min(next, second + valueAt(interval, atMs)));
  }
  return hours;
}

/** What each run says of a component, oldest first: the worst that any of its probes says. */
function componentRuns(records: readonly ProbeRecord[]): SettledResult[] {
  const [only, ...others] = records.map(settledResults);
  if (only === undefined || others.length === 0) return only ?? [];
  const runs = Map.groupBy([only, ...others].flat(), ({ atMs }) => atMs);
  return [...runs.values()].map((results) => results.reduce(together)).toSorted((a, b) => a.atMs - b.atMs);
}

function together(a: SettledResult, b: SettledResult): SettledResult {
  const status =
    a.status === undefined || b.status === undefined ? (a.status ?? b.status) : worseOf(a.status, b.status);
  return { atMs: a.atMs, status, announced: a.announced || b.announced };
}

function add(
  hours: Map<number, Record<ReportedStatus, number>>,
  status: ReportedStatus,
  from: number,
  until: number,
): void {
  for (let second = from; second < until; ) {
    const hour = Math.floor(second / hourSeconds);
    const end = Math.min(until, (hour + 1) * hourSeconds);
    const bucket = hours.get(hour) ?? { ...noSeconds };
    bucket[status] += end - second;
    hours.set(hour, bucket);
    second = end;
  }
}
