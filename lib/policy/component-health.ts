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
  const since = becameSo(status, worst, better);
  return { status, since: since === undefined ? undefined : new Date(since) };
}

/** Silence says neither that it works nor that it is still down. */
function statusOf({ health, on_failure }: ProbeRecord, oldest: number): ComponentStatus {
  if (health.verdict === 'unknown' || health.evidence_at === undefined || health.evidence_at < oldest) return 'unknown';
  return health.verdict === 'up' ? 'operational' : on_failure;
}

/**
 * It is so since the first of its worst probes became so, silence since it was last heard of; but where another came back
 * from something worse, only since then. A component works since the last of its probes does.
 */
function becameSo(
  status: ComponentStatus,
  worst: readonly ProbeRecord[],
  better: readonly ProbeRecord[],
): number | undefined {
  const since = ({ health }: ProbeRecord) => (status === 'unknown' ? health.evidence_at : health.since) ?? [];
  if (status === 'operational') return latest(worst.flatMap(since));
  const first = earliest(worst.flatMap(since));
  const cameBack = better
    .filter(({ health, on_failure }) => health.verdict === 'up' && worseOf(status, on_failure) !== status)
    .flatMap(({ health }) => health.since ?? []);
  return first === undefined ? undefined : latest([first, ...cameBack]);
}

function earliest(instants: readonly number[]): number | undefined {
  return instants.length === 0 ? undefined : Math.min(...instants);
}

function latest(instants: readonly number[]): number | undefined {
  return instants.length === 0 ? undefined : Math.max(...instants);
}
