import type { DayStatus } from '../../lib/schema/snapshot.ts';
import type { ComponentStatus, Impact, IncidentState } from '../../lib/schema/status.ts';

/** What a visitor reads for a status; every mark stands beside its word. */
export const statusWords: Record<ComponentStatus | DayStatus, string> = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  under_maintenance: 'Under maintenance',
  unknown: 'No recent data',
  no_data: 'No data',
};

/** What a visitor reads for a state of an incident. */
export const stateWords: Record<IncidentState, string> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

/** What a visitor reads for an impact. */
export const impactWords: Record<Impact, string> = {
  none: 'No impact',
  minor: 'Minor impact',
  major: 'Major impact',
  critical: 'Critical impact',
};

/** The status whose mark an impact borrows; an incident without impact has none. */
export const impactMarks: Record<Impact, ComponentStatus | undefined> = {
  none: undefined,
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
};

/** A number with its noun: `1 day`, `2 days`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
