import type { PublicComponent, PublicIncident, Snapshot } from '../schema/snapshot.ts';
import { archiveFactsOf, datesOf } from './archive-facts.ts';
import { maxPastIncidents } from './limits.ts';
import { contentsOf } from './page-contents.ts';
import type { IncidentSummary, LivePage, PageData } from './page-data.ts';
import { incidentPage, monthOf, monthPage } from './paths.ts';
import type { PublicModel } from './public-model.ts';

/** One page to be rendered: where it lies below the page's address, and all that its template may read. */
export interface Page {
  /** Begins with a slash; ends in a slash (a folder's `index.html`) or in `.html`. */
  readonly path: string;
  readonly page: PageData;
}

/**
 * Every page of the public site. A page of the archive (a resolved incident, a month, the list of months) is as old as
 * its newest fact, so it stays the same until its facts change; a page of the present is as old as the snapshot.
 */
export function pagesOf(model: PublicModel): Page[] {
  const { snapshot, history, archive } = model;
  const shared = { page: snapshot.page };
  const present = (about?: string) => ({ ...shared, asOf: snapshot.generated_at, live: livePage(snapshot, about) });
  const newest = { ...shared, asOf: archive.newestUpdateAt ?? snapshot.generated_at };
  return [
    { path: '/', page: { ...present(), kind: 'front', snapshot } },
    ...history.map((incident): Page => {
      const page = incident.state === 'resolved' ? { ...shared, asOf: datesOf(incident).updated_at } : present();
      return { path: incidentPage(incident.id), page: { ...page, kind: 'incident', incident } };
    }),
    { path: '/history/', page: { ...newest, kind: 'history', months: archive.months } },
    ...monthPages(model),
    ...componentPages(model, present),
    { path: '/404.html', page: { ...newest, kind: 'not_found' } },
  ];
}

/** What the script of a page must know of its snapshot; `about` is the component that it is about, if it is about one. */
export function livePage(snapshot: Snapshot, about?: string): LivePage {
  const { generated_at, stale_after_seconds, overall } = snapshot;
  const staleness = stale_after_seconds === undefined ? {} : { stale_after_seconds };
  return { generated_at, ...staleness, overall, about, contents: contentsOf(snapshot) };
}

/** An incident in a list. */
export function summaryOf(incident: PublicIncident): IncidentSummary {
  return {
    id: incident.id,
    title: incident.title,
    impact: incident.impact,
    state: incident.state,
    started_at: incident.started_at,
    ...(incident.resolved_at === undefined ? {} : { resolved_at: incident.resolved_at }),
    components: incident.components,
    updateCount: incident.updates.length,
    lastText: incident.updates[0]?.text ?? '',
  };
}

/** A month (UTC) in which incidents began: `YYYY-MM`, and they, newest first. */
export interface Month {
  readonly month: string;
  readonly incidents: readonly PublicIncident[];
}

/** The months in which incidents began, newest first. */
export function monthsOf(history: readonly PublicIncident[]): Month[] {
  const byMonth = Map.groupBy(history, ({ started_at }) => monthOf(started_at));
  return [...byMonth].map(([month, incidents]) => ({ month, incidents })).sort((a, b) => (a.month < b.month ? 1 : -1));
}

function monthPages({ snapshot, history, archive }: PublicModel): Page[] {
  const months = archive.months.map(({ month }) => month);
  return monthsOf(history).map(({ month, incidents }): Page => {
    const at = months.indexOf(month);
    const page = { kind: 'month' as const, month, newer: months[at - 1], older: months[at + 1] };
    const asOf = archiveFactsOf(incidents.map(datesOf)).newestUpdateAt ?? snapshot.generated_at;
    return {
      path: monthPage(month),
      page: { page: snapshot.page, asOf, ...page, incidents: incidents.map(summaryOf) },
    };
  });
}

function componentPages(
  { snapshot, history }: PublicModel,
  present: (about: string) => Pick<PageData, 'page' | 'asOf' | 'live'>,
): Page[] {
  const incidents = incidentsByComponent(history);
  return snapshot.components.map((component): Page => {
    const own = incidents.get(component.id) ?? [];
    return {
      path: `/components/${component.id}/`,
      page: {
        ...present(component.id),
        kind: 'component',
        component,
        openIncidents: own.filter(({ state }) => state !== 'resolved').map(summaryOf),
        pastIncidents: own
          .filter(({ state }) => state === 'resolved')
          .slice(0, maxPastIncidents)
          .map(summaryOf),
      },
    };
  });
}

function incidentsByComponent(
  history: readonly PublicIncident[],
): ReadonlyMap<PublicComponent['id'], PublicIncident[]> {
  const found = new Map<PublicComponent['id'], PublicIncident[]>();
  for (const incident of history) {
    for (const { id } of incident.components) {
      const own = found.get(id);
      if (own === undefined) found.set(id, [incident]);
      else own.push(incident);
    }
  }
  return found;
}
