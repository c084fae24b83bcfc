import type { Content } from '../content/content.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { ProbesState, UptimeState } from '../schema/state.ts';
import type { ComponentStatus, ReportedStatus } from '../schema/status.ts';

/** What was measured of a component on one day (UTC). */
export interface MeasuredDay {
  /** The worst status that its probes gave it that day. */
  readonly status: ReportedStatus;
  /** Per cent of the measured time in which it worked; absent where all of it was maintenance. */
  readonly uptime: number | undefined;
}

/** What the probes of one component say. */
export interface ComponentObservations {
  /** By their latest samples; `unknown` where they have been silent for too long. */
  readonly status: ComponentStatus;
  /** Since when its probes say so, where that is known: when it was, not when it was concluded. */
  readonly since: Date | undefined;
  /** By date, `YYYY-MM-DD`; a day that nobody measured has no entry. */
  readonly days: ReadonlyMap<string, MeasuredDay>;
  /** Per cent of the measured time of the last 90 days, or `undefined` where nothing was measured. */
  readonly uptime90d: number | undefined;
  /** Medians in milliseconds of each quarter of an hour from `from` on, `undefined` where nothing was measured. */
  readonly responseTimes: { readonly from: Date; readonly mediansMs: readonly (number | undefined)[] } | undefined;
}

/** What machines measured. */
export interface Observations {
  /** A component without probes has no entry. */
  readonly components: ReadonlyMap<ComponentId, ComponentObservations>;
  /** How often the probes are meant to be asked, in seconds. */
  readonly intervalSeconds: number;
}

/** The documents of the state that the page is made of; `undefined` where there is none yet. */
export interface Measurements {
  readonly probes: ProbesState | undefined;
  readonly uptime: UptimeState | undefined;
}

/** What is known where nothing was measured. */
export const noMeasurements: Measurements = { probes: undefined, uptime: undefined };

/** What is known of a page without probes. */
export const noObservations: Observations = { components: new Map(), intervalSeconds: 300 };

/** What the measurements say at `now` of the components that have probes in `content`. */
export function observationsOf(content: Content, { probes }: Measurements, _now: Date): Observations {
  const intervalSeconds = probes?.interval_seconds ?? content.config.probe_interval_minutes * 60;
  return { components: new Map(), intervalSeconds };
}
