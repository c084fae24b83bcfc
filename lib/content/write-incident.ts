import type { Incident, Update } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import { scalar, setScalar } from './write-yaml.ts';

export { clearOverride, setOverride } from './write-component.ts';

/** What an operator says in one update. */
export type NewUpdate = Pick<Update, 'state' | 'at' | 'body'> & {
  readonly components?: Update['components'];
  /** When the trouble really ended, for the resolved update. */
  readonly resolvedAt?: Date | undefined;
};

/** What an operator says of a new incident. */
export interface NewIncident extends Pick<Incident, 'title' | 'impact' | 'components' | 'startedAt'> {
  readonly published: boolean;
  readonly update: NewUpdate;
  /** Where the schema of the front matter is found, for editors. */
  readonly schemaUrl?: string | undefined;
}

/** The text of a new incident's file. */
export function newIncidentText(incident: NewIncident): string {
  const components = [...incident.components].map(([id, status]) => `  ${id}: ${status}`);
  const lines = [
    '---',
    ...(incident.schemaUrl === undefined ? [] : [`# yaml-language-server: $schema=${incident.schemaUrl}`]),
    `title: ${scalar(incident.title)}`,
    `published: ${incident.published}`,
    `impact: ${incident.impact}`,
    ...(components.length === 0 ? ['components: {}'] : ['components:', ...components]),
    `state: ${incident.update.state}`,
    `started_at: ${formatInstant(incident.startedAt)}`,
    ...(incident.update.resolvedAt === undefined ? [] : [`resolved_at: ${formatInstant(incident.update.resolvedAt)}`]),
    '---',
  ];
  return `${lines.join('\n')}\n\n${updateText(incident.update)}`;
}

/** The text of an incident's file with one more update at its end and the state of that update; all else stays as it is. */
export function appendUpdate(text: string, update: NewUpdate): string {
  const stated = editFrontMatter(text, (yaml) => {
    const withState = setScalar(yaml, 'state', update.state);
    return update.resolvedAt === undefined
      ? withState
      : setScalar(withState, 'resolved_at', formatInstant(update.resolvedAt));
  });
  const gap = stated.endsWith('\n\n') ? '' : stated.endsWith('\n') ? '\n' : '\n\n';
  return stated + gap + updateText(update);
}

/** The text of an incident's file, published; all else stays as it is. */
export function setPublished(text: string): string {
  return editFrontMatter(text, (yaml) => setScalar(yaml, 'published', true));
}

function updateText({ state, at, components, body }: NewUpdate): string {
  const pairs = [...(components ?? [])].map(([id, status]) => ` ${id}=${status}`).join('');
  return `## ${state} ${formatInstant(at)}${pairs}\n\n${body.trim()}\n`;
}

function editFrontMatter(text: string, edit: (yaml: string) => string): string {
  const parts = /^(---[ \t]*\n)([\s\S]*?)(^---[ \t]*(?:\n|$)[\s\S]*)$/m.exec(text);
  const [, opening, yaml, rest] = parts ?? [];
  if (opening === undefined || yaml === undefined || rest === undefined) {
    throw new Error('The text of an incident must begin with front matter.');
  }
  return opening + edit(yaml) + rest;
}
