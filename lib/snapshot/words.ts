import type { DayStatus } from '../schema/snapshot.ts';
import type { ComponentStatus, Impact, IncidentState } from '../schema/status.ts';

/** What people read for a status; every mark stands beside its word. */
export const statusWords: Record<ComponentStatus | DayStatus, string> = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  under_maintenance: 'Under maintenance',
  unknown: 'No recent data',
  no_data: 'No data',
};

/** What people read for a state of an incident. */
export const stateWords: Record<IncidentState, string> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

/** What people read for an impact. */
export const impactWords: Record<Impact, string> = {
  none: 'No impact',
  minor: 'Minor impact',
  major: 'Major impact',
  critical: 'Critical impact',
};
