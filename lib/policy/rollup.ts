import type { Component } from '../schema/component.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Incident } from '../schema/incident.ts';
import type { ComponentStatus, ReportedStatus } from '../schema/status.ts';
import { isActive } from './override.ts';

/**
 * How bad each status is. Silence is worse than health and better than any trouble that is known; planned work is
 * worse than silence, for the visitor is told to wait.
 */
const severityOf = {
  operational: 0,
  unknown: 1,
  under_maintenance: 2,
  degraded_performance: 3,
  partial_outage: 4,
  major_outage: 5,
} as const satisfies Record<ComponentStatus, number>;

/** The worse of two statuses. */
export function worseOf<S extends ComponentStatus>(a: S, b: S): S {
  return severityOf[b] > severityOf[a] ? b : a;
}

/** The worst of all, or `operational` of nothing. */
export function overallStatus(statuses: readonly ComponentStatus[]): ComponentStatus {
  return statuses.reduce(worseOf, 'operational');
}

/**
 * What an incident says of components now: what the front matter names, changed by each update in turn. A resolved
 * incident says nothing more: all its components count as recovered.
 */
export function incidentEffect(incident: Incident): ReadonlyMap<ComponentId, ReportedStatus> {
  if (incident.updates.at(-1)?.state === 'resolved') return new Map();
  const effect = new Map(incident.components);
  for (const update of incident.updates) {
    for (const [component, status] of update.components) effect.set(component, status);
  }
  return effect;
}

/**
 * What the public is told of a component at `now`: its active override; else the worse of what published open
 * incidents say and what its probes say. `observed` is absent where it has no probes.
 */
export function componentStatus(
  component: Component,
  incidents: readonly Incident[],
  observed: ComponentStatus | undefined,
  now: Date,
): ComponentStatus {
  if (component.override !== undefined && isActive(component.override, now)) return component.override.status;
  const said = incidents.filter((i) => i.published).flatMap((i) => incidentEffect(i).get(component.id) ?? []);
  return overallStatus(observed === undefined ? said : [observed, ...said]);
}
