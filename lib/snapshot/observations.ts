import type { Content } from '../content/content.ts';
import { observedHealth } from '../policy/component-health.ts';
import { withoutFuture } from '../policy/retention.ts';
import { worseOf } from '../policy/rollup.ts';
import { secondsByStatus, upAndDown, uptimePercent, worstMeasured } from '../policy/uptime.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { ProbeRecord, ProbesState, UptimeRecord, UptimeState } from '../schema/state.ts';
import type { ComponentStatus, ReportedStatus } from '../schema/status.ts';
import { dateOf, dayMs, startOfBars } from './day-bars.ts';
import { type ResponseTimes, responseTimesOf } from './response-times.ts';

/** What was measured of a component on one day (UTC). */
export interface MeasuredDay {
  /** The worst status that its probes gave it that day. */
  readonly status: ReportedStatus;
  /** Per cent of the measured time in which it worked; absent where all of it was maintenance. */
  readonly uptime: number | undefined;
}

/** What the probes of one component say. */
export interface ProbedHealth {
  /** By their latest samples; `unknown` where they have been silent for too long, or cannot be asked. */
  readonly status: ComponentStatus;
  /** Since when its probes say so, where that is known: when it was, not when it was concluded. */
  readonly since: Date | undefined;
}

/** What machines know of one component. */
export interface ComponentObservations {
  /** What its probes say now; `undefined` where it has none any more, and what they measured is all that is left. */
  readonly health: ProbedHealth | undefined;
  /** By date, `YYYY-MM-DD`; a day that nobody measured has no entry. */
  readonly days: ReadonlyMap<string, MeasuredDay>;
  /** Per cent of the measured time of the days that are shown, or `undefined` where nothing was measured. */
  readonly uptime90d: number | undefined;
  /** The seconds that `uptime90d` is of. */
  readonly measuredSeconds90d: number;
  /** `undefined` where no probe passed in the last 24 hours. */
  readonly responseTimes: ResponseTimes | undefined;
}

/** What machines measured. */
export interface Observations {
  /** A component that has no probes and was never measured has no entry. */
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

/** What the measurements say at `now` of the components that have or had probes; what is measured later is left out. */
export function observationsOf(content: Content, measurements: Measurements, now: Date): Observations {
  const { probes, uptime } = measurements;
  const state = probes === undefined ? undefined : withoutFuture(probes, now).state;
  const intervalSeconds = state?.interval_seconds ?? content.config.probe_interval_minutes * 60;
  const asked = Map.groupBy(content.probes, ({ asks }) => asks.component);
  const records = new Map(state?.probes.map((record) => [keyOf(record.probe, record.component), record]));
  const uptimes = new Map(uptime?.components.map((record) => [record.component, record]));
  const broken = new Set(content.brokenProbes);
  const components = new Map<ComponentId, ComponentObservations>();
  for (const id of new Set([...asked.keys(), ...broken, ...uptimes.keys()])) {
    const own = asked.get(id) ?? [];
    const known = own.flatMap((probe) => records.get(keyOf(probe.id, id)) ?? []);
    const complete = known.length === own.length && !broken.has(id);
    const isProbed = own.length > 0 || broken.has(id);
    components.set(id, {
      health: isProbed ? healthOf(known, { complete, intervalSeconds, now }) : undefined,
      ...measuredDays(uptimes.get(id), now),
      responseTimes: responseTimesOf(known, now),
    });
  }
  return { components, intervalSeconds };
}

function keyOf(probe: string, component: ComponentId): string {
  return `${probe} ${component}`;
}

interface HealthContext {
  /** Whether each of its probes has been asked at least once. */
  readonly complete: boolean;
  readonly intervalSeconds: number;
  readonly now: Date;
}

/** A question that was never answered, or that cannot be asked, is silence: worse than health, better than known trouble. */
function healthOf(records: readonly ProbeRecord[], { complete, intervalSeconds, now }: HealthContext): ProbedHealth {
  const health = observedHealth(records, intervalSeconds, now);
  if (complete || worseOf('unknown', health.status) === health.status) return health;
  return { status: 'unknown', since: undefined };
}

function measuredDays(
  record: UptimeRecord | undefined,
  now: Date,
): Pick<ComponentObservations, 'days' | 'uptime90d' | 'measuredSeconds90d'> {
  const days = new Map<string, MeasuredDay>();
  if (record === undefined) return { days, uptime90d: undefined, measuredSeconds90d: 0 };
  const first = startOfBars(now).getTime();
  for (let day = first; day <= now.getTime(); day += dayMs) {
    const seconds = secondsByStatus(record, day, Math.min(day + dayMs, now.getTime()));
    const status = worstMeasured(seconds);
    if (status !== undefined) days.set(dateOf(day), { status, uptime: uptimePercent(upAndDown(seconds)) });
  }
  const counted = upAndDown(secondsByStatus(record, first, now.getTime()));
  return { days, uptime90d: uptimePercent(counted), measuredSeconds90d: counted.up + counted.down };
}
