import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nextUpdateDue } from '../../lib/policy/cadence.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import { formatInstant } from '../../lib/schema/instant.ts';
import { commandFor } from './typed-command.ts';
import { incidentIn, type Workspace } from './workspace.ts';

/** The file that a command wrote, and what it did: `Wrote`, `Published`. */
export interface Written {
  readonly path: string;
  readonly did: string;
}

/** Say what the file of an incident holds now, when the next update is due, and what to type next. */
export async function reportIncident(workspace: Workspace, { path, did }: Written): Promise<void> {
  const incident = incidentIn(path, await readFile(join(workspace.context.root, path), 'utf8'));
  const due = nextUpdateDue(incident);
  if (workspace.context.format === 'json') {
    const { id, state, published } = incident;
    const fields = { file: path, id, state, published, next_update_due_at: due && formatInstant(due) };
    process.stdout.write(`${JSON.stringify(fields)}\n`);
    return;
  }
  const lines = [
    `${did} ${path}`,
    '',
    `  ${incident.title}`,
    `  ${incident.impact}, ${incident.state}, ${incident.published ? 'published' : 'a draft that nobody sees yet'}`,
    ...affected(workspace, incident).map((line) => `  ${line}`),
    '',
    ...(due === undefined ? [] : [`Next update due by ${clockTime(due)} UTC.`]),
    ...next(workspace, incident),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A command as somebody would type it for the same content. */
export function commandLine({ context }: Workspace, command: string): string {
  return commandFor(context, command);
}

function affected({ components }: Workspace, incident: Incident): string[] {
  if (incident.state === 'resolved') return [];
  const statuses = new Map(incident.components);
  for (const update of incident.updates) for (const [id, status] of update.components) statuses.set(id, status);
  return [...statuses].map(([id, status]) => {
    const name = components.find((component) => component.id === id)?.name ?? id;
    return `${name}: ${status.replaceAll('_', ' ')}`;
  });
}

function next(workspace: Workspace, { id, state, published }: Incident): string[] {
  if (!published) return [`Show it to the public: ${commandLine(workspace, `incident publish ${id}`)}`];
  if (state === 'resolved') return ['Commit the file to publish the change.'];
  const verb = state === 'monitoring' ? 'resolve' : 'update';
  return [`When there is news: ${commandLine(workspace, `incident ${verb} ${id}`)}`];
}

function clockTime(at: Date): string {
  return formatInstant(at).slice(0, 16).replace('T', ' ');
}
