import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newIncidentText } from '../../lib/content/write-incident.ts';
import { incidentIdFor } from '../../lib/policy/incident-id.ts';
import { IncidentId } from '../../lib/schema/identifier.ts';
import type { Impact } from '../../lib/schema/status.ts';
import { type Ask, askerFor } from './ask.ts';
import { UsageError } from './errors.ts';
import { askComponents, impactChoices, messageFrom, notEmpty, toSecond } from './incident-input.ts';
import type { Written } from './incident-report.ts';
import type { ComponentStatuses } from './option-values.ts';
import { componentOf, incidentIds, save, type Workspace } from './workspace.ts';

/** What the command line says of a new incident. */
export interface NewOptions {
  readonly title?: string;
  readonly impact?: Impact;
  readonly component?: ComponentStatuses;
  readonly message?: string;
  readonly id?: string;
  readonly startedAt?: Date;
  readonly publish?: true;
}

/** `incident new`: ask for what is missing, write the file, and say what comes next. */
export async function newIncident(workspace: Workspace, options: NewOptions, asker: Ask | undefined): Promise<Written> {
  const { context, redactor } = workspace;
  const ask = askerFor(asker, {
    '--title': options.title,
    '--impact': options.impact,
    '--message': options.message,
  });
  for (const id of options.component?.keys() ?? []) componentOf(workspace, id);
  const title = redactor.line('title', options.title ?? (await askTitle(ask)));
  const impact = options.impact ?? (await ask.choose('How much does it hurt?', impactChoices, 'minor'));
  const components =
    options.component ?? (await askComponents(ask, workspace, 'What is affected? (space chooses, enter goes on)'));
  const body = await messageFrom(options.message, ask, redactor);
  const published =
    options.publish ?? (await ask.confirm('Publish it now? Else it is a draft that nobody sees.', false));

  const at = toSecond(context.now());
  const startedAt = options.startedAt ?? at;
  const id = options.id === undefined ? freeId(workspace, title, startedAt) : givenId(options.id);
  const path = `incidents/${id}.md`;
  const update = { state: 'investigating', at, body } as const;
  const schemaUrl = schemaFor(workspace);
  await save(workspace, path, (present) => {
    if (present !== undefined) throw existsAlready(id);
    return newIncidentText({ title, impact, components, startedAt, published, update, schemaUrl });
  });
  return { path, did: 'Wrote' };
}

function askTitle(ask: Ask): Promise<string> {
  return ask.text({
    message: 'What do merchants notice, in one line?',
    placeholder: 'Card payments are failing for some merchants',
    check: notEmpty,
  });
}

function freeId(workspace: Workspace, title: string, startedAt: Date): string {
  const ids = new Set(incidentIds(workspace));
  return incidentIdFor(title, startedAt, (id) => ids.has(id));
}

function givenId(text: string): string {
  const id = IncidentId.safeParse(text);
  if (id.success) return id.data;
  throw new UsageError(
    `${JSON.stringify(text)} is no id of an incident.`,
    'Write it as 2026-11-20-card-payments: the day it began, and words in lower case.',
  );
}

function existsAlready(id: string): UsageError {
  return new UsageError(
    `There is an incident ${id} already.`,
    `Choose another --id, or add to that one: candor incident update ${id}`,
  );
}

/** Where an editor finds the schema of the front matter: in the repository of the engine, or on the page. */
function schemaFor({ context, config }: Workspace): string | undefined {
  const local = 'site/public/schemas/incident-front-matter.json';
  if (existsSync(join(context.root, local))) return `../${local}`;
  return config === undefined
    ? undefined
    : new URL('schemas/incident-front-matter.json', config.url.replace(/\/?$/, '/')).href;
}
