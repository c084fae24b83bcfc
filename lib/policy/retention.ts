import type { ComponentId } from '../schema/identifier.ts';
import type { ProbeHealth, ProbeRecord, ProbesState, RawResult, UptimeRecord, UptimeState } from '../schema/state.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { observedHealth } from './component-health.ts';
import { overdueBucketDays, rawResultHours, uptimeBucketDays } from './constants.ts';
import { asOf, type EarlierValue } from './earlier-values.ts';
import { endOf, hoursWithin } from './hour-buckets.ts';
import { freshHealth, observeResults } from './hysteresis.ts';

const hourMs = 60 * 60 * 1000;

/**
 * The state without raw results that are older than 25 hours; what was concluded of them stays. A probe that was in none
 * of the runs of that time is asked no more and is forgotten; where there was no run at all, none is. Uptime is derived
 * before, for what goes here can be derived no more.
 */
export function pruneProbes(state: ProbesState, now: Date): ProbesState {
  const cutMs = now.getTime() - rawResultHours * hourMs;
  const pruned = state.probes.map((record) => pruneRecord(record, cutMs));
  const ran = pruned.some(({ results }) => results.length > 0);
  const probes = ran ? pruned.filter(({ results }) => results.length > 0) : pruned;
  const dropped = state.probes.some(({ results }) => results.some(([atMs]) => atMs < cutMs));
  if (!dropped && probes.length === state.probes.length) return state;
  const present = new Set<string>(probes.map(({ component }) => component));
  const { earlier_intervals, ...rest } = state;
  const earlier = earlier_intervals?.filter(({ until, value }) => until + value * 1000 > cutMs);
  return {
    ...rest,
    ...(earlier === undefined || earlier.length === 0 ? {} : { earlier_intervals: earlier }),
    ...(dropped ? { pruned_before: Math.max(cutMs, state.pruned_before ?? cutMs) } : {}),
    probes,
    components: Object.fromEntries(Object.entries(state.components).filter(([id]) => present.has(id))),
  };
}

function pruneRecord(record: ProbeRecord, cutMs: number): ProbeRecord {
  const isOld = ([atMs]: RawResult) => atMs < cutMs;
  if (!record.results.some(isOld)) return record;
  const { earlier_on_failure, ...rest } = record;
  const earlier = earlier_on_failure?.filter(({ until }) => until > cutMs);
  return {
    ...rest,
    ...(earlier === undefined || earlier.length === 0 ? {} : { earlier_on_failure: earlier }),
    base: observeResults(record.base, record.results.filter(isOld)),
    results: record.results.filter((result) => !isOld(result)),
  };
}

/** The buckets without hours that are older than 90 days. */
export function pruneUptime(state: UptimeState, now: Date): UptimeState {
  const oldest = Math.floor(now.getTime() / hourMs) - uptimeBucketDays * 24;
  return withHours(state, (record) => hoursWithin(record, oldest, Number.POSITIVE_INFINITY));
}

/**
 * When the newest bucket ended, where pruning would leave none and would have done so long ago: either the clock is far
 * ahead, or nothing was measured for a long time. `undefined` where neither is so.
 */
export function longOverdueSince(state: UptimeState, now: Date): Date | undefined {
  const end = state.components.reduce((newest, record) => Math.max(newest, endOf(record)), 0);
  const overdue = now.getTime() / hourMs - (uptimeBucketDays + overdueBucketDays) * 24;
  return state.components.length > 0 && end < overdue ? new Date(end * hourMs) : undefined;
}

/** The buckets without hours that begin later than `now`. */
export function uptimeWithoutFuture(state: UptimeState, now: Date): UptimeState {
  const end = Math.floor(now.getTime() / hourMs) + 1;
  return withHours(state, (record) => hoursWithin(record, Number.NEGATIVE_INFINITY, end));
}

function withHours(state: UptimeState, within: (record: UptimeRecord) => UptimeRecord | undefined): UptimeState {
  return { components: state.components.flatMap((record) => within(record) ?? []) };
}

/**
 * The state as it would be without what is dated later than `now`, and by record what was taken out. What older results
 * came to is forgotten where it is itself dated later; components are as the newest run that is left found them.
 */
export function withoutFuture(state: ProbesState, now: Date): { state: ProbesState; removed: ProbeRecord[] } {
  const nowMs = now.getTime();
  const removed = state.probes.filter((record) => reachesPast(record, nowMs));
  if (removed.length === 0 && !state.pending.some((t) => t.known_at > nowMs)) return { state, removed: [] };
  const probes = state.probes.map((record) => (reachesPast(record, nowMs) ? recordUntil(record, nowMs) : record));
  const interval = asOf({ earlier: state.earlier_intervals, value: state.interval_seconds }, nowMs);
  const { earlier_intervals: _, pruned_before, ...rest } = state;
  return {
    state: {
      ...rest,
      interval_seconds: interval.value,
      ...earlierAs('earlier_intervals', interval.earlier),
      ...(pruned_before === undefined ? {} : { pruned_before: Math.min(pruned_before, nowMs) }),
      probes,
      components: componentsOf(probes, interval.value),
      pending: state.pending.filter(({ known_at }) => known_at <= nowMs),
    },
    removed: removed.map((record) => ({ ...record, results: record.results.filter(([atMs]) => atMs > nowMs) })),
  };
}

function reachesPast({ base, results }: ProbeRecord, nowMs: number): boolean {
  return isLater(base, nowMs) || results.some(([atMs]) => atMs > nowMs);
}

function isLater({ since, known_at, evidence_at, run_began_at }: ProbeHealth, nowMs: number): boolean {
  return [since, known_at, evidence_at, run_began_at].some((atMs) => atMs !== undefined && atMs > nowMs);
}

function recordUntil(record: ProbeRecord, nowMs: number): ProbeRecord {
  const base = isLater(record.base, nowMs) ? freshHealth : record.base;
  const results = record.results.filter(([atMs]) => atMs <= nowMs);
  const onFailure = asOf({ earlier: record.earlier_on_failure, value: record.on_failure }, nowMs);
  const { earlier_on_failure: _, ...rest } = record;
  return {
    ...rest,
    on_failure: onFailure.value,
    ...earlierAs('earlier_on_failure', onFailure.earlier),
    base,
    health: observeResults(base, results),
    results,
  };
}

function earlierAs<K extends string, T>(key: K, earlier: readonly EarlierValue<T>[] | undefined) {
  return earlier === undefined ? {} : { [key]: [...earlier] };
}

/** By the probes of the newest run of each component that is left. */
function componentsOf(records: readonly ProbeRecord[], intervalSeconds: number): Record<ComponentId, ComponentStatus> {
  const byComponent = [...Map.groupBy(records, ({ component }) => component)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byComponent.flatMap(([id, own]) => {
      const newest = Math.max(...own.map(newestMs));
      const asked = own.filter((record) => newestMs(record) === newest);
      return newest === -1 ? [] : [[id, observedHealth(asked, intervalSeconds, new Date(newest)).status]];
    }),
  );
}

function newestMs({ results }: ProbeRecord): number {
  return results.at(-1)?.[0] ?? -1;
}
