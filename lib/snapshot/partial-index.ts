import { affectedBy, endOf } from '../policy/timeline.ts';
import type { Incident } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { IndexedIncident } from '../schema/publish.ts';
import type { PublicIncident } from '../schema/snapshot.ts';
import { datesOf } from './archive-facts.ts';

/** What the next incremental build has to know of a published incident, from the record of its file. */
export function indexedRecord(incident: Incident, blob: string): IndexedIncident {
  const end = endOf(incident);
  const { at } = incident.updates.at(-1) ?? { at: incident.startedAt };
  return {
    id: incident.id,
    blob,
    started_at: formatInstant(incident.startedAt),
    updated_at: formatInstant(at),
    ...(end === undefined ? {} : { resolved_at: formatInstant(end) }),
    components: [...affectedBy(incident).keys()],
  };
}

/** The same, from what the public knows of it. */
export function indexedIncident(incident: PublicIncident, blob: string): IndexedIncident {
  const { id, resolved_at: end, components } = incident;
  return {
    id,
    blob,
    ...datesOf(incident),
    ...(end === undefined ? {} : { resolved_at: end }),
    components: components.map((component) => component.id),
  };
}

/** Newest first, as every list of incidents is; of those that began in the same second the order is not known. */
export function newestFirst(incidents: readonly IndexedIncident[]): IndexedIncident[] {
  return incidents.toSorted((a, b) => compare(b.started_at, a.started_at) || compare(b.id, a.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
