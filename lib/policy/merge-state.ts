import type { ProbesState, RecordedState, UptimeState } from '../schema/state.ts';

/** What two writers that both went on from the same state know together; the same in either order. */
export function mergeProbes(_ours: ProbesState, _theirs: ProbesState): ProbesState {
  throw new Error('not written yet');
}

/** The buckets of both writers; `deriveUptime` with the merged results is right for the hours that those cover. */
export function mergeUptime(_ours: UptimeState, _theirs: UptimeState): UptimeState {
  throw new Error('not written yet');
}

/** What either writer has told the audit log. */
export function mergeRecorded(_ours: RecordedState, _theirs: RecordedState): RecordedState {
  throw new Error('not written yet');
}
