import type { ComponentId } from '../schema/identifier.ts';
import type { ComponentStatus, ReportedStatus } from '../schema/status.ts';

/** What was measured of a component on one day (UTC). */
export interface MeasuredDay {
  /** The worst status that its probes gave it that day. */
  readonly status: ReportedStatus;
  /** Per cent of the measured time in which it worked. */
  readonly uptime: number;
}

/** What the probes of one component say. */
export interface ComponentObservations {
  /** By their latest samples; `unknown` where they have been silent for too long. */
  readonly status: ComponentStatus;
  /** By date, `YYYY-MM-DD`; a day that nobody measured has no entry. */
  readonly days: ReadonlyMap<string, MeasuredDay>;
  /** Per cent of the measured time of the last 90 days, or `undefined` where nothing was measured. */
  readonly uptime90d: number | undefined;
}

/** What machines measured. A component without probes has no entry. */
export type Observations = ReadonlyMap<ComponentId, ComponentObservations>;

/** What is known before anything was measured. */
export const noObservations: Observations = new Map();
