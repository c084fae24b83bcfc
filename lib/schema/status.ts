import { z } from 'zod';

/** What a person may say of a component. */
export const ReportedStatus = z.enum([
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
]);
export type ReportedStatus = z.infer<typeof ReportedStatus>;

/** What the public is told of a component; `unknown` means that there is no fresh evidence. */
export const ComponentStatus = z.enum([...ReportedStatus.options, 'unknown']);
export type ComponentStatus = z.infer<typeof ComponentStatus>;

/** How much an incident hurts, in the incident's own words. */
export const Impact = z.enum(['none', 'minor', 'major', 'critical']);
export type Impact = z.infer<typeof Impact>;

/** The states of an incident, in the only order in which they may follow each other. */
export const IncidentState = z.enum(['investigating', 'identified', 'monitoring', 'resolved']);
export type IncidentState = z.infer<typeof IncidentState>;
