import type { ComponentId } from '../schema/identifier.ts';
import type { ProbeId } from '../schema/probe.ts';
import type { FailureStatus } from '../schema/probes/common.ts';
import type { Sample } from '../schema/sample.ts';
import type { ProbesState } from '../schema/state.ts';

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
export function foldRun(_state: ProbesState | undefined, _run: ProbeRun): ProbesState {
  throw new Error('not written yet');
}

/** The instant of the newest result, or `undefined` where there is none. A run that began before it is refused. */
export function newestResultAt(_state: ProbesState): Date | undefined {
  throw new Error('not written yet');
}
