import type { ProbesState, UptimeRecord, UptimeState } from '../schema/state.ts';
import type { ReportedStatus } from '../schema/status.ts';

/** Seconds that a component was in each status; what is missing to the whole is no data. */
export type SecondsByStatus = Readonly<Record<ReportedStatus, number>>;

/**
 * The hourly buckets with all that raw results tell: every hour that they cover whole is computed from them anew, older
 * ones stay. The same results give the same buckets, however often and after which runs this is done.
 */
export function deriveUptime(_previous: UptimeState | undefined, _probes: ProbesState): UptimeState {
  throw new Error('not written yet');
}

/** Seconds in each status in the hours that begin at `fromMs` or later and before `untilMs`. */
export function secondsByStatus(_record: UptimeRecord, _fromMs: number, _untilMs: number): SecondsByStatus {
  throw new Error('not written yet');
}

/** Seconds in each status by day (UTC, `YYYY-MM-DD`), oldest first; a day without any has no entry. */
export function secondsByDay(_record: UptimeRecord): Map<string, SecondsByStatus> {
  throw new Error('not written yet');
}

/** Seconds that count as up (operational, degraded) and as down (partial, major); maintenance counts as neither. */
export function upAndDown(_seconds: SecondsByStatus): { up: number; down: number } {
  throw new Error('not written yet');
}

/**
 * Per cent of the measured seconds in which it worked, cut to three decimals: 100 only where nothing was lost, and
 * `undefined` where nothing was measured.
 */
export function uptimePercent(_seconds: { readonly up: number; readonly down: number }): number | undefined {
  throw new Error('not written yet');
}

/** The worst status of which there is a second, or `undefined` where nothing was measured. */
export function worstMeasured(_seconds: SecondsByStatus): ReportedStatus | undefined {
  throw new Error('not written yet');
}
