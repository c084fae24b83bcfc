import type { ProbeRecord, ProbesState, UptimeState } from '../schema/state.ts';

/**
 * The state without raw results that are older than 25 hours; counters are as before. Uptime is derived first, for what
 * goes here can be derived no more.
 */
export function pruneProbes(_state: ProbesState, _now: Date): ProbesState {
  throw new Error('not written yet');
}

/** The buckets without hours that are older than 90 days. */
export function pruneUptime(_state: UptimeState, _now: Date): UptimeState {
  throw new Error('not written yet');
}

/** The state without what is dated later than `now`, and what was taken out of it, by record. */
export function withoutFuture(_state: ProbesState, _now: Date): { state: ProbesState; removed: ProbeRecord[] } {
  throw new Error('not written yet');
}

/** The buckets without hours that begin later than `now`. */
export function uptimeWithoutFuture(_state: UptimeState, _now: Date): UptimeState {
  throw new Error('not written yet');
}
