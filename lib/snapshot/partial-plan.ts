import { formatInstant } from '../schema/instant.ts';
import type { IndexedIncident, PublishedFile } from '../schema/publish.ts';
import { archiveFactsOf } from './archive-facts.ts';
import { startOfBars } from './day-bars.ts';
import { maxListedIncidents, maxPastIncidents } from './limits.ts';
import { newestFirst } from './partial-index.ts';
import { fileAt, incidentJson, incidentPage, monthOf, monthPage } from './paths.ts';

/** What a target has: the published incidents, and all files by their paths. */
export interface PresentPage {
  readonly incidents: readonly IndexedIncident[];
  readonly files: ReadonlyMap<string, PublishedFile>;
}

/** What is known before anything is rendered. */
export interface PartialFacts {
  readonly before: PresentPage;
  /** Those of `before` whose file is the same and whose page is there. */
  readonly kept: readonly IndexedIncident[];
  /** The other published incidents, as they are now. */
  readonly changed: readonly IndexedIncident[];
  /** The components that have a page. */
  readonly components: readonly string[];
  readonly now: Date;
}

/** What has to be made. All other pages and files of incidents and months stay what they are. */
export interface PartialPlan {
  /** Every published incident, newest first. */
  readonly incidents: readonly IndexedIncident[];
  /** The incidents and months whose page and JSON are made; besides them only what shows the present, or the list of months. */
  readonly incidentPages: ReadonlySet<string>;
  readonly monthPages: ReadonlySet<string>;
  /** Every month in which an incident began, newest first. */
  readonly months: readonly string[];
  /** The incidents that have to be read for it. */
  readonly needed: ReadonlySet<string>;
}

/** What a change of incidents makes necessary. The work grows with what changed and with a month, not with the archive. */
export function partialPlan(facts: PartialFacts): PartialPlan {
  const incidents = newestFirst([...facts.kept, ...facts.changed]);
  const monthPages = monthsToMake(facts, incidents);
  const open = incidents.filter((incident) => incident.resolved_at === undefined);
  const incidentPages = new Set([...facts.changed, ...open].map(({ id }) => id));
  const needed = new Set(incidentPages);
  for (const { id, started_at } of incidents) if (monthPages.has(monthOf(started_at))) needed.add(id);
  for (const { id } of shownInLists(incidents, facts)) needed.add(id);
  const months = archiveFactsOf(incidents).months.map(({ month }) => month);
  return { incidents, incidentPages, monthPages, months, needed };
}

/** The file of the page and of the JSON of an incident. */
export function incidentFiles(id: string): [string, string] {
  return [fileAt(incidentPage(id)), fileAt(incidentJson(id))];
}

/** The file of the page and of the JSON of a month. */
export function monthFiles(month: string): [string, string] {
  return [fileAt(monthPage(month)), fileAt(incidentJson(month))];
}

/** Months in which an incident changed, came or went, that have another neighbour than before, or that are not there. */
function monthsToMake(
  { before, kept, changed }: PartialFacts,
  incidents: readonly IndexedIncident[],
): ReadonlySet<string> {
  const same = new Set(kept.map(({ id }) => id));
  const left = before.incidents.filter(({ id }) => !same.has(id));
  const touched = new Set([...left, ...changed].map(({ started_at }) => monthOf(started_at)));
  const neighboursBefore = neighbours(before.incidents);
  const stale = [...neighbours(incidents)].filter(([month, beside]) => {
    const isWhole = monthFiles(month).every((file) => before.files.has(file));
    return touched.has(month) || !isWhole || neighboursBefore.get(month) !== beside;
  });
  return new Set(stale.map(([month]) => month));
}

/** For each month with incidents, the months that its page leads to, as one word. */
function neighbours(incidents: readonly IndexedIncident[]): ReadonlyMap<string, string> {
  const { months } = archiveFactsOf(incidents);
  return new Map(months.map(({ month }, at) => [month, `${months[at - 1]?.month} ${months[at + 1]?.month}`]));
}

/** Those in the bars of days, in `incidents.json`, and on the pages of components. */
function shownInLists(
  incidents: readonly IndexedIncident[],
  { components, now }: Pick<PartialFacts, 'components' | 'now'>,
): IndexedIncident[] {
  const resolved = incidents.filter((incident) => incident.resolved_at !== undefined);
  const since = formatInstant(startOfBars(now));
  const own = new Map(components.map((id): [string, IndexedIncident[]] => [id, []]));
  for (const incident of resolved) for (const id of incident.components) own.get(id)?.push(incident);
  return [
    ...resolved.filter(({ resolved_at }) => resolved_at !== undefined && resolved_at >= since),
    ...first(resolved, maxListedIncidents),
    ...[...own.values()].flatMap((of) => first(of, maxPastIncidents)),
  ];
}

/** The first `count`, and those that began in the same second as the last of them. */
function first(incidents: readonly IndexedIncident[], count: number): IndexedIncident[] {
  const last = incidents[count - 1];
  if (last === undefined) return [...incidents];
  return incidents.filter(({ started_at }, at) => at < count || started_at === last.started_at);
}
