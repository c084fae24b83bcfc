import type { ComponentId } from '../schema/identifier.ts';
import type {
  ProbeRecord,
  ProbesState,
  RawResult,
  RecordedState,
  Transition,
  UptimeRecord,
  UptimeState,
} from '../schema/state.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { mergedInTime } from './earlier-values.ts';
import { hoursOf, recordOf, type SecondsByStatus } from './hour-buckets.ts';
import { observeResults } from './hysteresis.ts';
import { newestResultAt } from './probe-run.ts';
import { worseOf } from './rollup.ts';

/**
 * What two writers that both went on from the same state know together; the same in either order. Of two results of one
 * probe at the same millisecond the more telling stays. A verdict that only the results of both make shows in
 * `components` from the next run on, so that its transition is told then.
 */
export function mergeProbes(ours: ProbesState, theirs: ProbesState): ProbesState {
  const interval = mergedInTime(intervalsOf(ours), intervalsOf(theirs), (a, b) => Math.max(a, b));
  const pruned = [ours, theirs].flatMap(({ pruned_before }) => pruned_before ?? []);
  return {
    interval_seconds: interval.value,
    ...(interval.earlier === undefined ? {} : { earlier_intervals: [...interval.earlier] }),
    ...(pruned.length === 0 ? {} : { pruned_before: Math.max(...pruned) }),
    probes: mergedBy(keyOf, mergeRecords, ours.probes, theirs.probes),
    components: mergeComponents(ours, theirs),
    pending: mergedBy(transitionKey, (a) => a, ours.pending, theirs.pending),
  };
}

/** The buckets of both writers: of each hour those of the one who measured more of it, or found more trouble in as much. */
export function mergeUptime(ours: UptimeState, theirs: UptimeState): UptimeState {
  return { components: mergedBy(({ component }) => component, mergeBuckets, ours.components, theirs.components) };
}

/** What either writer has told the audit log; of a component's override the later one, and that it is over. */
export function mergeRecorded(ours: RecordedState, theirs: RecordedState): RecordedState {
  return {
    incidents: mergeEntries(ours.incidents, theirs.incidents, (a, b) => Math.max(a, b)),
    overrides: mergeEntries(ours.overrides, theirs.overrides, (a, b) => greater(a, b, toldLast)),
    told: Math.max(ours.told, theirs.told),
    pending: mergedBy(
      ({ id }) => id,
      (a, b) => greater(a, b, () => []),
      ours.pending,
      theirs.pending,
    ),
  };
}

function toldLast({ set_at, over }: RecordedState['overrides'][string]): number[] {
  return [Date.parse(set_at), Number(over)];
}

function intervalsOf({ earlier_intervals, interval_seconds }: ProbesState) {
  return { earlier: earlier_intervals, value: interval_seconds };
}

/** The memory that reaches back further has what the other has dropped already. */
function mergeRecords(a: ProbeRecord, b: ProbeRecord): ProbeRecord {
  const { base } = greater(a, b, (record) => [-(record.base.evidence_at ?? -1)]);
  const results = mergedBy(([atMs]) => atMs, moreTelling, a.results, b.results);
  const onFailure = mergedInTime(onFailureOf(a), onFailureOf(b), worseOf);
  return {
    probe: a.probe,
    component: a.component,
    on_failure: onFailure.value,
    ...(onFailure.earlier === undefined ? {} : { earlier_on_failure: [...onFailure.earlier] }),
    base,
    health: observeResults(base, results),
    results,
  };
}

function onFailureOf({ earlier_on_failure, on_failure }: ProbeRecord) {
  return { earlier: earlier_on_failure, value: on_failure };
}

const telling = { f: 2, p: 1, u: 0 } as const;

function moreTelling(a: RawResult, b: RawResult): RawResult {
  return greater(a, b, ([, letter]) => [telling[letter]]);
}

/** What the newer run found, and what only the other knows; of two runs at the same instant the worse. */
function mergeComponents(ours: ProbesState, theirs: ProbesState): Record<ComponentId, ComponentStatus> {
  const [a, b] = [ours, theirs].map((state) => newestResultAt(state)?.getTime() ?? -1);
  const choose = (own: ComponentStatus, other: ComponentStatus) =>
    a === b ? worseOf(own, other) : (a ?? -1) > (b ?? -1) ? own : other;
  return mergeEntries(ours.components, theirs.components, choose);
}

function mergeBuckets(a: UptimeRecord, b: UptimeRecord): UptimeRecord {
  const all = ([record]: readonly [UptimeRecord]) => hoursOf(record, record.first_hour, Number.POSITIVE_INFINITY);
  const [own, other] = [all([a]), all([b])];
  const hours = [...new Set([...own.keys(), ...other.keys()])].map((hour) => {
    const [x, y] = [own.get(hour), other.get(hour)];
    return [hour, x === undefined || y === undefined ? (x ?? y) : greater(x, y, measured)] as const;
  });
  return recordOf(a.component, new Map(hours.flatMap(([hour, of]) => (of === undefined ? [] : [[hour, of]])))) ?? a;
}

function measured(seconds: SecondsByStatus): number[] {
  const { operational, degraded_performance, partial_outage, major_outage, under_maintenance } = seconds;
  const down = major_outage + partial_outage;
  const total = operational + degraded_performance + down + under_maintenance;
  return [total, major_outage, partial_outage, degraded_performance, under_maintenance];
}

/** Everything of both lists, in order of their keys; what has the same key is made one. */
function mergedBy<T, K extends string | number>(
  key: (item: T) => K,
  merge: (a: T, b: T) => T,
  ours: readonly T[],
  theirs: readonly T[],
): T[] {
  const all = new Map(ours.map((item) => [key(item), item]));
  for (const item of theirs) {
    const own = all.get(key(item));
    all.set(key(item), own === undefined ? item : merge(own, item));
  }
  return [...all].toSorted(([a], [b]) => compare(a, b)).map(([, item]) => item);
}

function mergeEntries<T>(
  ours: Readonly<Record<string, T>>,
  theirs: Readonly<Record<string, T>>,
  merge: (a: T, b: T) => T,
): Record<string, T> {
  const entries = (of: Readonly<Record<string, T>>) => Object.entries(of).map(([id, value]) => ({ id, value }));
  const merged = mergedBy(
    ({ id }) => id,
    (a, b) => ({ id: a.id, value: merge(a.value, b.value) }),
    entries(ours),
    entries(theirs),
  );
  return Object.fromEntries(merged.map(({ id, value }) => [id, value]));
}

/** The greater by its ranks in turn; where they are the same by its text, so that the order of the two never matters. */
function greater<T>(a: T, b: T, ranks: (value: T) => readonly (number | string)[]): T {
  const [own, other] = [ranks(a), ranks(b)];
  const at = own.findIndex((rank, index) => rank !== other[index]);
  const difference = at === -1 ? compare(JSON.stringify(a), JSON.stringify(b)) : compare(own[at] ?? 0, other[at] ?? 0);
  return difference < 0 ? b : a;
}

function compare(a: string | number, b: string | number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A blank sorts before all that ids are made of, so this is by probe, then by component. */
function keyOf({ probe, component }: ProbeRecord): string {
  return `${probe} ${component}`;
}

/** In order of time, as they were found. */
function transitionKey({ component, before, after, since, known_at }: Transition): string {
  return [String(known_at).padStart(16, '0'), component, since, before, after].join(' ');
}
