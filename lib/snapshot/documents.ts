import type {
  ComponentsDocument,
  CurrentDocument,
  IncidentDocument,
  IncidentLine,
  IncidentsDocument,
  MonthDocument,
  UptimeDocument,
} from '../schema/api.ts';
import type { PublicIncident, Snapshot } from '../schema/snapshot.ts';
import { maxListedIncidents } from './limits.ts';
import { monthsOf } from './pages.ts';
import { incidentJson } from './paths.ts';
import type { PublicModel } from './public-model.ts';

/** What a public JSON file holds. */
export type DocumentValue =
  | Snapshot
  | CurrentDocument
  | ComponentsDocument
  | UptimeDocument
  | IncidentsDocument
  | MonthDocument
  | IncidentDocument;

/** One public JSON file: where it lies below the page's address, beginning with a slash, and what it holds. */
export interface JsonDocument {
  readonly path: string;
  readonly value: DocumentValue;
}

/** Every public JSON file, `/current.json` last. Files of the archive change with their incidents alone. */
export function documentsOf(model: PublicModel): JsonDocument[] {
  const { snapshot, history } = model;
  const base = snapshot.page.url;
  return [
    ...history.map((incident) => ({ path: incidentJson(incident.id), value: { version: 1 as const, incident } })),
    ...monthsOf(history).map(({ month, incidents }) => ({
      path: incidentJson(month),
      value: { version: 1 as const, month, incidents: incidents.map((incident) => lineOf(incident, base)) },
    })),
    { path: '/api/v1/status/incidents.json', value: incidentsDocument(model) },
    { path: '/api/v1/status/components.json', value: componentsDocument(snapshot) },
    { path: '/api/v1/status/uptime.json', value: uptimeDocument(snapshot) },
    { path: '/api/v1/status/current.json', value: currentDocument(snapshot) },
    { path: '/current.json', value: snapshot },
  ];
}

/** A public value as the bytes of its file: the same value always gives the same text. */
export function documentText(value: DocumentValue): string {
  return `${JSON.stringify(value)}\n`;
}

function currentDocument({
  version,
  generated_at,
  stale_after_seconds,
  page,
  overall,
  components,
  open_incidents,
}: Snapshot): CurrentDocument {
  return {
    version,
    generated_at,
    ...(stale_after_seconds === undefined ? {} : { stale_after_seconds }),
    page,
    overall,
    components: components.map(({ id, name, status }) => ({ id, name, status })),
    open_incidents: open_incidents.map((incident) => lineOf(incident, page.url)),
  };
}

function componentsDocument({ version, generated_at, components }: Snapshot): ComponentsDocument {
  return {
    version,
    generated_at,
    components: components.map(({ days: _, response_times: __, ...component }) => component),
  };
}

function uptimeDocument({ version, generated_at, components }: Snapshot): UptimeDocument {
  return {
    version,
    generated_at,
    components: components.map(({ id, name, uptime_90d, measured_seconds_90d, days, response_times }) => ({
      id,
      name,
      ...(uptime_90d === undefined ? {} : { uptime_90d }),
      ...(measured_seconds_90d === undefined ? {} : { measured_seconds_90d }),
      days,
      ...(response_times === undefined ? {} : { response_times }),
    })),
  };
}

function incidentsDocument({ snapshot, history, archive }: PublicModel): IncidentsDocument {
  const base = snapshot.page.url;
  const resolved = history.filter(({ state }) => state === 'resolved').slice(0, maxListedIncidents);
  return {
    version: snapshot.version,
    generated_at: snapshot.generated_at,
    total: archive.total,
    open: snapshot.open_incidents.map((incident) => lineOf(incident, base)),
    resolved: resolved.map((incident) => lineOf(incident, base)),
    months: archive.months.map(({ month, count }) => ({ month, count, json_url: jsonUrl(base, month) })),
  };
}

function lineOf({ updates, ...facts }: PublicIncident, base: string): IncidentLine {
  return {
    ...facts,
    update_count: updates.length,
    last_update_at: updates[0]?.at ?? facts.started_at,
    json_url: jsonUrl(base, facts.id),
  };
}

function jsonUrl(base: string, name: string): string {
  return base + incidentJson(name).slice(1);
}
