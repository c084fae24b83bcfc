import type { ProbeRecord } from '../schema/state.ts';
import type { ComponentStatus } from '../schema/status.ts';

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
export function observedHealth(_records: readonly ProbeRecord[], _intervalSeconds: number, _now: Date): ObservedHealth {
  return { status: 'unknown', since: undefined };
}
