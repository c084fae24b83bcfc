import type { ComponentId } from '../schema/identifier.ts';
import type { ProbeId } from '../schema/probe.ts';
import type { FailureStatus } from '../schema/probes/common.ts';
import type { Sample } from '../schema/sample.ts';
import type { ProbeRecord, ProbesState, RawResult, Transition } from '../schema/state.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { observedHealth } from './component-health.ts';
import { changedAt } from './earlier-values.ts';
import { freshHealth, observe } from './hysteresis.ts';

/** What a run learned of one probe. */
export interface RunResult {
  readonly probe: ProbeId;
  readonly component: ComponentId;
  readonly onFailure: FailureStatus;
  readonly sample: Sample;
  /** Whether people had announced maintenance of the component. */
  readonly maintenance: boolean;
}

/** A run of all probes that are asked at present; one that could not be asked or was cut off has a sample that says so. */
export interface ProbeRun {
  /** When it began. */
  readonly at: Date;
  readonly intervalSeconds: number;
  readonly results: readonly RunResult[];
}

/**
 * Fold a run into the state; the components that changed are added to `pending`. A run at the very instant of the newest
 * result is recorded a millisecond later; an earlier one is a bug: its caller refuses it, see `newestResultAt`.
 */
export function foldRun(state: ProbesState | undefined, run: ProbeRun): ProbesState {
  const before = state ?? { interval_seconds: run.intervalSeconds, probes: [], components: {}, pending: [] };
  const atMs = recordedAt(before, run.at);
  const probes = withResults(before.probes, run.results, atMs);
  const known = new Map(Object.entries(before.components));
  const components = new Map([...unasked(known.keys(), atMs), ...statusesAt(probes, run, atMs)]);
  const transitions = [...components].flatMap(([id, after]) => transition(id, known.get(id), after, atMs));
  const now = [...components].map(([id, { status }]) => [id, status] as const);
  return {
    ...before,
    ...intervalAt(before, run.intervalSeconds, atMs),
    probes,
    components: Object.fromEntries([...Object.entries(before.components), ...now].toSorted(byId)),
    pending: [...before.pending, ...transitions],
  };
}

/**
 * The instant of the newest result, or `undefined` where there is none. A run that began before it is refused. Of results
 * that were pruned only those count that were evidence.
 */
export function newestResultAt(state: ProbesState): Date | undefined {
  const instants = state.probes.flatMap(({ results, health }) => [results.at(-1)?.[0] ?? [], health.evidence_at ?? []]);
  const newest = instants.flat().reduce((a, b) => Math.max(a, b), -1);
  return newest === -1 ? undefined : new Date(newest);
}

function recordedAt(state: ProbesState, at: Date): number {
  const newest = newestResultAt(state)?.getTime() ?? -1;
  if (at.getTime() < newest) throw new Error('A bug: a run was folded that began before the newest result.');
  return Math.max(at.getTime(), newest + 1);
}

function intervalAt(state: ProbesState, seconds: number, atMs: number): Partial<ProbesState> {
  const before = { earlier: state.earlier_intervals, value: state.interval_seconds };
  const { earlier, value } = changedAt(before, seconds, atMs);
  return { interval_seconds: value, ...(earlier === undefined ? {} : { earlier_intervals: [...earlier] }) };
}

/** Every record, with the run's results added to those that it asked; by probe, then by component. */
function withResults(records: readonly ProbeRecord[], results: readonly RunResult[], atMs: number): ProbeRecord[] {
  const asked = new Map(results.map((result) => [keyOf(result), result]));
  if (asked.size !== results.length) throw new Error('A bug: a run has two results of one probe.');
  const known = new Set(records.map(keyOf));
  const added = results.filter((result) => !known.has(keyOf(result))).map(newRecord);
  const all = added.length === 0 ? records : [...records, ...added].toSorted(byProbe);
  return all.map((record) => {
    const result = asked.get(keyOf(record));
    return result === undefined ? record : withResult(record, result, atMs);
  });
}

function withResult(record: ProbeRecord, { sample, onFailure, maintenance }: RunResult, atMs: number): ProbeRecord {
  const before = { earlier: record.earlier_on_failure, value: record.on_failure };
  const { earlier, value } = changedAt(before, onFailure, atMs);
  return {
    ...record,
    on_failure: value,
    ...(earlier === undefined ? {} : { earlier_on_failure: [...earlier] }),
    health: observe(record.health, sample, atMs),
    results: [...record.results, rowOf(sample, maintenance, atMs)],
  };
}

function newRecord({ probe, component, onFailure }: RunResult): ProbeRecord {
  return { probe, component, on_failure: onFailure, base: freshHealth, health: freshHealth, results: [] };
}

/** Latencies are kept to a tenth of a millisecond. */
function rowOf(sample: Sample, maintenance: boolean, atMs: number): RawResult {
  switch (sample.kind) {
    case 'pass': {
      const ms = Math.round(sample.latencyMs * 10) / 10;
      return maintenance ? [atMs, 'p', ms, 'm'] : [atMs, 'p', ms];
    }
    case 'fail':
      return maintenance ? [atMs, 'f', sample.reason, 'm'] : [atMs, 'f', sample.reason];
    case 'unmeasured':
      return maintenance ? [atMs, 'u', sample.reason, 'm'] : [atMs, 'u', sample.reason];
  }
}

interface StatusSince {
  readonly status: ComponentStatus;
  readonly sinceMs: number;
}

/** Each component that the run asked about, by the probes that it asked; by id. */
function statusesAt(records: readonly ProbeRecord[], run: ProbeRun, atMs: number): Map<ComponentId, StatusSince> {
  const asked = new Set(run.results.map(keyOf));
  const present = records.filter((record) => asked.has(keyOf(record)));
  const byComponent = [...Map.groupBy(present, ({ component }) => component)];
  return new Map(byComponent.map(([id, own]) => [id, statusAt(own, run, atMs)] as const).toSorted(byId));
}

/** Of a component that no probe is asked about any more nothing is known; the run is the first to know. */
function unasked(ids: Iterable<ComponentId>, atMs: number): [ComponentId, StatusSince][] {
  return [...ids].map((id) => [id, { status: 'unknown', sinceMs: atMs }]);
}

/**
 * Where no verdict changed in this run, silence ended, or people changed what is asked: then it is so since this run,
 * however long the verdict is true.
 */
function statusAt(records: readonly ProbeRecord[], run: ProbeRun, atMs: number): StatusSince {
  const { status, since } = observedHealth(records, run.intervalSeconds, new Date(atMs));
  const dated = status === 'unknown' || records.some(({ health }) => health.known_at === atMs);
  return { status, sinceMs: dated ? (since?.getTime() ?? atMs) : atMs };
}

/** Of a component that was never known nothing is told until something is. */
function transition(
  component: ComponentId,
  before: ComponentStatus = 'unknown',
  { status: after, sinceMs }: StatusSince,
  known_at: number,
): Transition[] {
  return before === after ? [] : [{ component, before, after, since: sinceMs, known_at }];
}

/** What tells records apart; neither id can hold a blank. */
function keyOf({ probe, component }: { readonly probe: ProbeId; readonly component: ComponentId }): string {
  return `${probe} ${component}`;
}

function byProbe(a: ProbeRecord, b: ProbeRecord): number {
  return a.probe === b.probe ? compare(a.component, b.component) : compare(a.probe, b.probe);
}

function byId([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compare(a, b);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
