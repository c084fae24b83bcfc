import { z } from 'zod';
import { ComponentId, IncidentId } from './identifier.ts';
import { PublicInstant } from './instant.ts';
import { ComponentStatus, Impact, IncidentState, ReportedStatus } from './status.ts';

/** How one day of a component is shown: the worst that was known of it, or that nobody measured. */
export const DayStatus = z.enum([...ComponentStatus.options.filter((s) => s !== 'unknown'), 'no_data']);
export type DayStatus = z.infer<typeof DayStatus>;

/** One day (UTC) of a component's 90-day bar. `uptime` in per cent of the measured time, absent where nothing was measured. */
export const PublicDay = z.strictObject({
  date: z.iso.date(),
  status: DayStatus,
  uptime: z.number().min(0).max(100).optional(),
});
export type PublicDay = z.infer<typeof PublicDay>;

/** What the public may know of an override that is active now. */
export const PublicOverride = z.strictObject({
  reason: z.string(),
  set_at: PublicInstant,
  /** From this instant on the component shows `otherwise`, whether or not there is a newer snapshot. */
  expires_at: PublicInstant,
  /** What it would show now without the override: the worse of its probes and of open incidents, and since when. */
  otherwise: z.strictObject({ status: ComponentStatus, since: PublicInstant.optional() }),
});
export type PublicOverride = z.infer<typeof PublicOverride>;

/**
 * Response times of the last 24 hours: the median of each quarter of an hour from `from` on, in milliseconds, `null` where
 * no probe passed.
 */
export const PublicResponseTimes = z.strictObject({
  from: PublicInstant,
  step_minutes: z.literal(15),
  medians_ms: z.array(z.int().min(0).nullable()),
  /** Those of the `null` quarters, counting from 0, in which somebody asked and nobody answered; absent where there is none. */
  unanswered: z.array(z.int().min(0)).min(1).optional(),
});
export type PublicResponseTimes = z.infer<typeof PublicResponseTimes>;

/** What the public may know of a component. A field that is not named here is not published. */
export const PublicComponent = z.strictObject({
  id: ComponentId,
  name: z.string(),
  description: z.string().optional(),
  group: z.string().optional(),
  status: ComponentStatus,
  /** Since when it shows this, where that is known: the beginning of the trouble or its end, not when it was noticed. */
  since: PublicInstant.optional(),
  override: PublicOverride.optional(),
  /** Per cent of the measured time of the last 90 days; absent where nothing was measured. */
  uptime_90d: z.number().min(0).max(100).optional(),
  /** The seconds that `uptime_90d` is of; announced maintenance and what nobody measured are not in it. */
  measured_seconds_90d: z.int().min(1).optional(),
  /** The last 90 days (UTC), oldest first. */
  days: z.array(PublicDay),
  response_times: PublicResponseTimes.optional(),
});
export type PublicComponent = z.infer<typeof PublicComponent>;

/** What the public may know of one update of an incident. */
export const PublicUpdate = z.strictObject({
  state: IncidentState,
  at: PublicInstant,
  /** Safe HTML: the policy's tags alone. */
  html: z.string(),
  /** The same for readers without HTML. */
  text: z.string(),
  /** What this update changed. */
  components: z.array(z.strictObject({ id: ComponentId, status: ReportedStatus })),
});
export type PublicUpdate = z.infer<typeof PublicUpdate>;

/** What the public may know of an incident; `updates` newest first. */
export const PublicIncident = z.strictObject({
  id: IncidentId,
  /** The permalink. */
  url: z.url(),
  title: z.string(),
  impact: Impact,
  state: IncidentState,
  started_at: PublicInstant,
  resolved_at: PublicInstant.optional(),
  /** When the next public update is due; absent once resolved. */
  next_update_due_at: PublicInstant.optional(),
  /** Where history came from, for incidents brought from another system. */
  imported_from: z.url().optional(),
  /** What it affects now, or affected at its worst once it is resolved. */
  components: z.array(z.strictObject({ id: ComponentId, name: z.string(), status: ReportedStatus })),
  updates: z.array(PublicUpdate),
});
export type PublicIncident = z.infer<typeof PublicIncident>;

/** The page's own facts. */
export const PublicPage = z.strictObject({
  name: z.string(),
  url: z.url(),
  description: z.string().optional(),
  support_email: z.email(),
  endpoint_url: z.url().optional(),
});
export type PublicPage = z.infer<typeof PublicPage>;

/** `current.json`: the state of everything at one instant. Open and recent incidents newest first. */
export const Snapshot = z.strictObject({
  version: z.literal(1),
  generated_at: PublicInstant,
  /**
   * After this many seconds without a newer `generated_at`, nobody knows whether this still holds: three intervals. Absent
   * where nothing is asked on a schedule: what people wrote holds until they change it.
   */
  stale_after_seconds: z.int().min(1).optional(),
  page: PublicPage,
  /** The worst that any component shows now, and the sentence that the page leads with. */
  overall: z.strictObject({ status: ComponentStatus, summary: z.string() }),
  components: z.array(PublicComponent),
  open_incidents: z.array(PublicIncident),
  recent_incidents: z.array(PublicIncident),
});
export type Snapshot = z.infer<typeof Snapshot>;
