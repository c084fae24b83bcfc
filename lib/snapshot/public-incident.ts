import { nextUpdateDue } from '../policy/cadence.ts';
import { affectedBy, endOf } from '../policy/timeline.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Incident, Update } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { PublicIncident, PublicUpdate } from '../schema/snapshot.ts';
import { type RenderedBodies, renderedBody } from './public-text.ts';

/** What an incident needs to become public, besides itself. */
export interface IncidentContext {
  readonly rendered: RenderedBodies;
  /** The public names of all components. */
  readonly names: ReadonlyMap<ComponentId, string>;
  /** The page's address, ending in a slash. */
  readonly pageUrl: string;
  /** Redacts one plain string. */
  readonly redact: (text: string) => string;
}

/** The fields of a published incident that may leave, and no other. */
export function publicIncident(incident: Incident, context: IncidentContext): PublicIncident {
  const end = endOf(incident);
  const due = nextUpdateDue(incident);
  const source = publicSource(incident.importedFrom, context);
  return {
    id: incident.id,
    url: `${context.pageUrl}incidents/${incident.id}/`,
    title: context.redact(incident.title),
    impact: incident.impact,
    state: incident.state,
    started_at: formatInstant(incident.startedAt),
    ...(end === undefined ? {} : { resolved_at: formatInstant(end) }),
    ...(due === undefined ? {} : { next_update_due_at: formatInstant(due) }),
    ...(source === undefined ? {} : { imported_from: source }),
    components: [...affectedBy(incident)].map(([id, status]) => ({ id, name: context.names.get(id) ?? id, status })),
    updates: incident.updates.map((update) => publicUpdate(update, context.rendered)).reverse(),
  };
}

function publicUpdate(update: Update, rendered: RenderedBodies): PublicUpdate {
  const { html, text } = renderedBody(update, rendered);
  return {
    state: update.state,
    at: formatInstant(update.at),
    html,
    text,
    components: [...update.components].map(([id, status]) => ({ id, status })),
  };
}

/** An address in which something would have to be redacted is no address any more, and stays away. */
function publicSource(address: string | undefined, { redact }: IncidentContext): string | undefined {
  return address !== undefined && redact(address) === address ? address : undefined;
}
