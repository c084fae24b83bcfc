import type { ComponentStatus } from '../schema/status.ts';

/** The sentence that the page leads with, by the worst that any component shows. */
export const overallSummaries: Readonly<Record<ComponentStatus, string>> = {
  operational: 'Everything is working',
  unknown: 'The state of some services is not known',
  under_maintenance: 'Maintenance is under way',
  degraded_performance: 'Some services are slower than usual',
  partial_outage: 'Some services are failing for some people',
  major_outage: 'Some services are down',
};
