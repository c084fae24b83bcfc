import type { Component } from '../schema/component.ts';
import type { Incident } from '../schema/incident.ts';
import { nextUpdateDue } from './cadence.ts';

/**
 * The first instant after `now` at which a page becomes another although nobody writes and nothing is measured: an override
 * begins or ends, or an update that was due has not come. `undefined` where there is none.
 */
export function nextEdge(
  { components, incidents }: { readonly components: readonly Component[]; readonly incidents: readonly Incident[] },
  now: Date,
): Date | undefined {
  const edges = [
    ...components.flatMap(({ override }) => (override === undefined ? [] : [override.setAt, override.expiresAt])),
    ...incidents.flatMap((incident) => overdueAt(incident) ?? []),
  ];
  return edges
    .filter((edge) => edge > now)
    .reduce<Date | undefined>((first, edge) => (first === undefined || edge < first ? edge : first), undefined);
}

/** Pages tell seconds: an update is overdue on the first that is made a second after it was due. */
function overdueAt(incident: Incident): Date | undefined {
  const due = nextUpdateDue(incident);
  return due === undefined ? undefined : new Date(due.getTime() + 1000);
}
