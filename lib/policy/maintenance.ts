import type { Component } from '../schema/component.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Incident } from '../schema/incident.ts';
import { isActive } from './override.ts';
import { incidentEffect } from './rollup.ts';

/**
 * The components that people have announced to be under maintenance at `now`: by an active override, or by a published
 * incident that is open. Time in which they are is left out of uptime.
 */
export function maintained(
  components: readonly Component[],
  incidents: readonly Incident[],
  now: Date,
): ReadonlySet<ComponentId> {
  const pinned = components.filter(
    ({ override }) => override !== undefined && override.status === 'under_maintenance' && isActive(override, now),
  );
  const said = incidents
    .filter((incident) => incident.published)
    .flatMap((incident) => [...incidentEffect(incident)])
    .filter(([, status]) => status === 'under_maintenance');
  return new Set([...pinned.map(({ id }) => id), ...said.map(([id]) => id)]);
}
