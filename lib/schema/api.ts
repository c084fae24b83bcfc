import { z } from 'zod';
import { PublicInstant } from './instant.ts';
import { PublicComponent, PublicIncident, PublicPage, Snapshot } from './snapshot.ts';

/** Files of the present carry the instant for which they were made. */
const present = {
  version: z.literal(1),
  generated_at: PublicInstant.describe('The instant for which this was made'),
};

/** An incident in a list, without the words of its updates. */
export const IncidentLine = PublicIncident.omit({ updates: true })
  .extend({
    update_count: z.int().min(1),
    last_update_at: PublicInstant,
    json_url: z.url().describe('The whole incident as JSON'),
  })
  .describe('An incident in a list, without the words of its updates');
export type IncidentLine = z.infer<typeof IncidentLine>;

/** `/api/v1/status/current.json`: is anything wrong, in one small file. */
export const CurrentDocument = z.strictObject({
  ...present,
  stale_after_seconds: Snapshot.shape.stale_after_seconds,
  page: PublicPage,
  overall: Snapshot.shape.overall,
  components: z.array(PublicComponent.pick({ id: true, name: true, status: true })),
  open_incidents: z.array(IncidentLine),
});
export type CurrentDocument = z.infer<typeof CurrentDocument>;

/** `/api/v1/status/components.json`: every component and what it shows now. */
export const ComponentsDocument = z.strictObject({
  ...present,
  components: z.array(PublicComponent.omit({ days: true, response_times: true })),
});
export type ComponentsDocument = z.infer<typeof ComponentsDocument>;

/** `/api/v1/status/uptime.json`: the last 90 days of every component, and the response times of its last 24 hours. */
export const UptimeDocument = z.strictObject({
  ...present,
  components: z.array(
    PublicComponent.pick({
      id: true,
      name: true,
      uptime_90d: true,
      measured_seconds_90d: true,
      days: true,
      response_times: true,
    }),
  ),
});
export type UptimeDocument = z.infer<typeof UptimeDocument>;

/** A month of the archive and where its incidents are listed. */
const MonthLine = z.strictObject({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .describe('YYYY-MM, UTC'),
  count: z.int().min(1).describe('How many incidents began in it'),
  json_url: z.url().describe('The incidents of the month'),
});

/** `/api/v1/status/incidents.json`: open incidents, the newest others, and where to find the rest. */
export const IncidentsDocument = z.strictObject({
  ...present,
  total: z.int().min(0).describe('How many incidents were ever published'),
  open: z.array(IncidentLine).describe('Newest first'),
  resolved: z.array(IncidentLine).describe('The newest, at most 50'),
  months: z.array(MonthLine).describe('All months in which incidents began, newest first'),
});
export type IncidentsDocument = z.infer<typeof IncidentsDocument>;

/** `/api/v1/status/incidents/<yyyy-mm>.json`: the incidents that began in one month. */
export const MonthDocument = z.strictObject({
  version: z.literal(1),
  month: MonthLine.shape.month,
  incidents: z.array(IncidentLine).describe('Newest first'),
});
export type MonthDocument = z.infer<typeof MonthDocument>;

/** `/api/v1/status/incidents/<id>.json`: one incident and all its updates. */
export const IncidentDocument = z.strictObject({ version: z.literal(1), incident: PublicIncident });
export type IncidentDocument = z.infer<typeof IncidentDocument>;
