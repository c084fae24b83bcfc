import type { ProbeRecord } from '../schema/state.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { silentIntervals } from './constants.ts';
import { worseOf } from './rollup.ts';

/** What the probes of one component say of it at an instant. */
export interface ObservedHealth {
  readonly status: ComponentStatus;
  /** When it became so, not when that was concluded; of silence, when it was last heard of; absent where that is not known. */
  readonly since: Date | undefined;
}

/**
 * What the probes of one component say at `now`: the worst of them. `records` are of the probes that are asked at
 * present, no others; of none nothing is known.
 */
export function observedHealth(records: readonly ProbeRecord[], intervalSeconds: number, now: Date): ObservedHealth {
  const oldest = now.getTime() - silentIntervals * intervalSeconds * 1000;
  const statuses = records.map((record) => statusOf(record, oldest));
  const status = statuses.length === 0 ? 'unknown' : statuses.reduce(worseOf);
  const worst = records.filter((_, index) => statuses[index] === status);
  const better = records.filter((_, index) => statuses[index] !== status);
  const since = status === 'unknown' ? lastHeard(worst) : becameWorst(status, worst, better);
  return { status, since: since === undefined ? undefined : new Date(since) };
}

/** Silence says neither that it works nor that it is still down. */
function statusOf({ health, on_failure }: ProbeRecord, oldest: number): ComponentStatus {
  if (health.verdict === 'unknown' || health.evidence_at === undefined || health.evidence_at < oldest) return 'unknown';
  return health.verdict === 'up' ? 'operational' : on_failure;
}

function lastHeard(silent: readonly ProbeRecord[]): number | undefined {
  return earliest(silent.flatMap(({ health }) => health.evidence_at ?? []));
}

/**
 * It is so since the first of its worst probes became so; but where another came back from something worse, only since
 * then. A component works since the last of its probes does.
 */
function becameWorst(
  status: ComponentStatus,
  worst: readonly ProbeRecord[],
  better: readonly ProbeRecord[],
): number | undefined {
  const since = ({ health }: ProbeRecord) => health.since ?? [];
  if (status === 'operational') return latest(worst.flatMap(since));
  const first = earliest(worst.flatMap(since));
  const cameBack = better.filter(({ on_failure }) => worseOf(status, on_failure) !== status).flatMap(since);
  return first === undefined ? undefined : latest([first, ...cameBack]);
}

function earliest(instants: readonly number[]): number | undefined {
  return instants.length === 0 ? undefined : Math.min(...instants);
}

function latest(instants: readonly number[]): number | undefined {
  return instants.length === 0 ? undefined : Math.max(...instants);
}
