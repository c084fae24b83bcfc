import { join } from 'node:path';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { editFile } from '../../lib/adapters/edit-file.ts';
import { checkContent } from '../../lib/content/check-content.ts';
import type { Content, SourceFile } from '../../lib/content/content.ts';
import { readIncidentFile } from '../../lib/content/incident-file.ts';
import { nearest } from '../../lib/content/nearest.ts';
import { parseContent } from '../../lib/content/parse-content.ts';
import type { Component } from '../../lib/schema/component.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { Context } from './context.ts';
import { ProblemsFound, UsageError } from './errors.ts';
import { redactNamesOf } from './redact-names.ts';
import { type Redactor, redactorFor } from './redactor.ts';

/** The content of a root, for a command that edits it. */
export interface Workspace {
  readonly context: Context;
  readonly config: Content['config'] | undefined;
  readonly components: readonly Component[];
  readonly files: readonly SourceFile[];
  readonly redactor: Redactor;
}

/** Read the content of the root; an error where there is none. */
export async function openWorkspace(context: Context): Promise<Workspace> {
  const { files, problems } = await readContentRoot(context.root);
  const [none] = problems.filter((problem) => problem.rule === 'no-content');
  if (none !== undefined) throw new UsageError(`${context.root}: ${none.message}`, none.fix);
  const { content } = parseContent(
    files.filter(({ path }) => !path.startsWith('incidents/')),
    { now: context.now() },
  );
  const { config, components = [] } = content ?? {};
  return { context, config, components, files, redactor: redactorFor(config, context.env) };
}

/** The component of this id; an error with the nearest one where there is none. */
export function componentOf(workspace: Workspace, id: string): Component {
  const component = workspace.components.find((one) => one.id === id);
  if (component !== undefined) return component;
  const ids = workspace.components.map((one) => one.id);
  const like = nearest(id, ids);
  throw new UsageError(
    `There is no component ${id}.`,
    like === undefined ? `The components are ${ids.join(', ')}.` : `Did you mean ${like}?`,
  );
}

/** The ids of all incidents, by their file names. */
export function incidentIds(workspace: Workspace): string[] {
  return workspace.files.flatMap(({ path }) => /^incidents\/(.+)\.md$/.exec(path)?.[1] ?? []);
}

/** All incidents that can be read, newest first. */
export function incidentsOf(workspace: Workspace): Incident[] {
  const incidents = workspace.files.flatMap((file) => {
    return file.path.startsWith('incidents/') ? (readIncidentFile(file).incident ?? []) : [];
  });
  return incidents.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}

/** The incident that the text of its file says; its problems as an error where it cannot be read. */
export function incidentIn(path: string, text: string): Incident {
  const { incident, problems } = readIncidentFile({ path, bytes: new TextEncoder().encode(text) });
  if (incident === undefined) throw new ProblemsFound(`${path} cannot be read, so nothing was written.`, problems);
  return incident;
}

/**
 * Write one file of the content: `change` makes the new text of the present one, and nothing is written where the
 * new text has an error that the present one has not.
 */
export async function save(
  workspace: Workspace,
  path: string,
  change: (present: string | undefined) => Promise<string> | string,
): Promise<void> {
  await editFile(join(workspace.context.root, path), async (present) => {
    const text = await change(present);
    const known = new Set(present === undefined ? [] : errorsWith(workspace, path, present).map(identity));
    const added = errorsWith(workspace, path, text, present).filter((problem) => !known.has(identity(problem)));
    if (added.length > 0) throw new ProblemsFound('Nothing was written, because the page would have a problem:', added);
    return text;
  });
}

/**
 * The errors of the content with this text in the place of that file, as a change from `base` where it is given.
 * The other incidents are left out: they cannot have an error because of it.
 */
function errorsWith({ context, files }: Workspace, path: string, text: string, base?: string): Problem[] {
  const others = files.filter((file) => file.path !== path && !file.path.startsWith('incidents/'));
  const contentWith = (written: string) => [...others, { path, bytes: new TextEncoder().encode(written) }];
  const { problems } = checkContent(contentWith(text), {
    now: context.now(),
    redactNames: redactNamesOf(context.env),
    base: base === undefined ? undefined : contentWith(base),
  });
  return problems.filter((problem) => problem.severity === 'error');
}

function identity({ file, rule, message }: Problem): string {
  return JSON.stringify([file, rule, message]);
}
