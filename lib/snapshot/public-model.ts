import type { Content } from '../content/content.ts';
import { silentIntervals } from '../policy/constants.ts';
import { type RedactionRules, redactText } from '../policy/redaction.ts';
import { overallStatus } from '../policy/rollup.ts';
import { endOf, type Stretch, stretchesOf } from '../policy/timeline.ts';
import type { StatusConfig } from '../schema/config.ts';
import type { Incident } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { PublicComponent, PublicIncident, PublicPage, Snapshot } from '../schema/snapshot.ts';
import { type ArchiveFacts, archiveFactsOf, datesOf } from './archive-facts.ts';
import { startOfBars } from './day-bars.ts';
import { maxRecentIncidents } from './limits.ts';
import type { Observations } from './observations.ts';
import { overallSummaries } from './overall-summaries.ts';
import { publicComponent } from './public-component.ts';
import { publicIncident } from './public-incident.ts';
import type { RenderedBodies } from './public-text.ts';

/**
 * All that the public may know: the present, and every published incident newest first. Where `archive` counts more than
 * `history` holds, only the pages and files are right whose incidents are all there (`partial-plan.ts`).
 */
export interface PublicModel {
  readonly snapshot: Snapshot;
  readonly history: readonly PublicIncident[];
  readonly archive: ArchiveFacts;
}

/** What a public model is made of; `rendered` holds every body of a published update. */
export interface ModelSources {
  readonly content: Content;
  readonly rendered: RenderedBodies;
  readonly observations: Observations;
  readonly redaction: RedactionRules;
  readonly now: Date;
  /** The facts of the whole history, where `content` holds a part of it. */
  readonly archive?: ArchiveFacts;
}

/** The one gate: whatever becomes public is named here and in the functions that this calls. */
export function buildPublicModel(sources: ModelSources): PublicModel {
  const { content, rendered, redaction, now } = sources;
  const redact = (text: string) => redactText(text, redaction).text;
  const published = content.incidents.filter((incident) => incident.published);
  const names = new Map(content.components.map(({ id, name }) => [id, redact(name)]));
  const context = { rendered, names, redact, pageUrl: withSlash(content.config.url) };
  const history = published.map((incident) => publicIncident(incident, context));
  const components = publicComponents(sources, published, redact);
  const overall = overallStatus(components.map(({ status }) => status));
  return {
    snapshot: {
      version: 1,
      generated_at: formatInstant(now),
      ...staleness(sources.observations),
      page: publicPage(content.config, redact),
      overall: { status: overall, summary: overallSummaries[overall] },
      components,
      open_incidents: history.filter(({ state }) => state !== 'resolved'),
      recent_incidents: recentOf(history, now),
    },
    history,
    archive: sources.archive ?? archiveFactsOf(history.map(datesOf)),
  };
}

/** Where nothing is asked on a schedule, silence is no news, and nothing becomes stale by waiting. */
function staleness({ components, intervalSeconds }: Observations): Pick<Snapshot, 'stale_after_seconds'> {
  const isProbed = [...components.values()].some(({ health }) => health !== undefined);
  return isProbed ? { stale_after_seconds: silentIntervals * intervalSeconds } : {};
}

/** What the public may know of the page itself. */
export function publicPage(config: StatusConfig, redact: (text: string) => string): PublicPage {
  return {
    name: redact(config.name),
    url: withSlash(config.url),
    ...(config.description === undefined ? {} : { description: redact(config.description) }),
    support_email: config.support_email,
    ...(config.endpoint_url === undefined ? {} : { endpoint_url: config.endpoint_url }),
  };
}

function publicComponents(
  { content, observations, now }: ModelSources,
  published: readonly Incident[],
  redact: (text: string) => string,
): PublicComponent[] {
  const open = published.filter((incident) => endOf(incident) === undefined);
  const stretches = recentStretches(published, now);
  return content.components.map((component) => {
    const own = stretches.get(component.id) ?? [];
    const observed = observations.components.get(component.id);
    return publicComponent(component, { open, stretches: own, observations: observed, redact, now });
  });
}

function recentStretches(published: readonly Incident[], now: Date): ReadonlyMap<string, Stretch[]> {
  const start = startOfBars(now);
  const recent = published.filter((incident) => (endOf(incident) ?? now) > start);
  return Map.groupBy(
    recent.flatMap((incident) => stretchesOf(incident, now)),
    ({ component }) => component,
  );
}

function recentOf(history: readonly PublicIncident[], now: Date): PublicIncident[] {
  const since = formatInstant(startOfBars(now));
  return history
    .filter(({ resolved_at }) => resolved_at !== undefined && resolved_at >= since)
    .slice(0, maxRecentIncidents);
}

function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}
