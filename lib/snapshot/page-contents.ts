import type { Snapshot } from '../schema/snapshot.ts';

/**
 * What a page has words for: the components, and open incidents with the number of their updates; of a page about one
 * component or incident, what names it. Where this changes, a reader is offered the newer page.
 */
export function contentsOf({ components, open_incidents }: Snapshot, about: string | undefined): string {
  const ids = about === undefined ? components.map(({ id }) => id) : [];
  const incidents = open_incidents.filter(
    (incident) => about === undefined || incident.id === about || incident.components.some(({ id }) => id === about),
  );
  return [...ids, ...incidents.map(({ id, updates }) => `${id}:${updates.length}`)].join(' ');
}
