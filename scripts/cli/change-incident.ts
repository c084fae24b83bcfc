import { nearest } from '../../lib/content/nearest.ts';
import { appendUpdate, setPublished } from '../../lib/content/write-incident.ts';
import { nextState } from '../../lib/policy/lifecycle.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import { IncidentState } from '../../lib/schema/status.ts';
import { type Ask, askerFor } from './ask.ts';
import { UsageError } from './errors.ts';
import { askComponents, instantAfter, messageFrom, notEmpty, stateHints } from './incident-input.ts';
import { commandLine, type Written } from './incident-report.ts';
import type { ComponentStatuses } from './option-values.ts';
import { componentOf, incidentIn, incidentsOf, save, type Workspace } from './workspace.ts';

/** What the command line says of a further update. */
export interface UpdateOptions {
  readonly state?: IncidentState;
  readonly message?: string;
  readonly component?: ComponentStatuses;
  readonly resolvedAt?: Date;
}

/** `incident update`: one more update at the end of an open incident. */
export async function updateIncident(
  workspace: Workspace,
  id: string | undefined,
  options: UpdateOptions,
  asker: Ask | undefined,
): Promise<Written> {
  const ask = askerFor(asker, { '--message': options.message });
  for (const component of options.component?.keys() ?? []) componentOf(workspace, component);
  const incident = await pick(workspace, id, asker, { what: 'open', has: (one) => one.state !== 'resolved' });
  const state = options.state ?? (asker === undefined ? incident.state : await askState(ask, incident));
  refuseIllegal(workspace, incident, state);
  const body = await messageFrom(options.message, ask, workspace.redactor);
  const components = options.component ?? (await askComponents(ask, workspace, 'Does it change how a component is?'));
  return append(workspace, incident, [{ state, body, components }], options.resolvedAt);
}

/** `incident resolve`: the last update; where states are missing before it, they are asked for, or the error says how to add them. */
export async function resolveIncident(
  workspace: Workspace,
  id: string | undefined,
  options: Pick<UpdateOptions, 'message' | 'resolvedAt'>,
  asker: Ask | undefined,
): Promise<Written> {
  const ask = askerFor(asker, { '--message': options.message });
  const incident = await pick(workspace, id, asker, { what: 'open', has: (one) => one.state !== 'resolved' });
  const missing = statesBetween(incident.state, 'resolved');
  if (asker === undefined || missing.length === 0) refuseIllegal(workspace, incident, 'resolved');
  const before: Step[] = [];
  for (const state of missing) {
    const message = `The page has not said ${state} yet (${stateHints[state]}). What do you tell merchants?`;
    const body = workspace.redactor.markdown(state, await ask.lines({ message, check: notEmpty }));
    before.push({ state, body });
  }
  const body = await messageFrom(options.message, ask, workspace.redactor);
  return append(workspace, incident, [...before, { state: 'resolved', body }], options.resolvedAt);
}

/** `incident publish`: show a draft to the public. */
export async function publishIncident(
  workspace: Workspace,
  id: string | undefined,
  asker: Ask | undefined,
): Promise<Written> {
  const incident = await pick(workspace, id, asker, { what: 'a draft', has: (one) => !one.published });
  if (incident.published) return { path: incident.file, did: 'Published already:' };
  const sure = await asker?.confirm(`Show “${incident.title}” to everyone?`, true);
  if (sure === false) throw new UsageError('Cancelled.', 'Nothing was written.');
  await save(workspace, incident.file, (present) => setPublished(existing(incident, present)));
  return { path: incident.file, did: 'Published' };
}

interface Step {
  readonly state: IncidentState;
  readonly body: string;
  readonly components?: ComponentStatuses;
}

async function append(
  workspace: Workspace,
  incident: Incident,
  steps: readonly Step[],
  resolvedAt: Date | undefined,
): Promise<Written> {
  await save(workspace, incident.file, async (present) => {
    let text = existing(incident, present);
    for (const step of steps) {
      const current = incidentIn(incident.file, text);
      refuseIllegal(workspace, current, step.state);
      const last = current.updates.at(-1)?.at ?? current.startedAt;
      const at = await instantAfter(last, workspace.context.now);
      text = appendUpdate(text, { ...step, at, resolvedAt: step.state === 'resolved' ? resolvedAt : undefined });
    }
    return text;
  });
  return { path: incident.file, did: 'Wrote' };
}

function existing(incident: Incident, present: string | undefined): string {
  if (present !== undefined) return present;
  throw new UsageError(
    `${incident.file} is gone.`,
    'Somebody removed it in the meantime; look before you write it again.',
  );
}

/** The incident of this id, or the only one that fits, or the one that a person picks. */
async function pick(
  workspace: Workspace,
  id: string | undefined,
  ask: Ask | undefined,
  wanted: { readonly what: string; readonly has: (incident: Incident) => boolean },
): Promise<Incident> {
  if (id !== undefined) return incidentById(workspace, id);
  const fitting = incidentsOf(workspace).filter(wanted.has);
  const [only, ...others] = fitting;
  if (only === undefined) {
    throw new UsageError(`No incident is ${wanted.what}.`, `Begin one: ${commandLine(workspace, 'incident new')}`);
  }
  if (others.length === 0) return only;
  if (ask === undefined) {
    const list = fitting.map((one) => `${one.id}  ${one.title}`).join('\n');
    throw new UsageError(`${fitting.length} incidents are ${wanted.what}; say which.`, list);
  }
  const chosen = await ask.choose(
    'Which incident?',
    fitting.map((one) => ({ value: one.id, label: one.title, hint: one.state })),
  );
  return incidentById(workspace, chosen);
}

function incidentById(workspace: Workspace, id: string): Incident {
  const path = `incidents/${id}.md`;
  const file = workspace.files.find((one) => one.path === path);
  if (file !== undefined) return incidentIn(path, new TextDecoder().decode(file.bytes));
  const like = nearestId(workspace, id);
  throw new UsageError(
    `There is no incident ${id}.`,
    like === undefined ? 'An id is the name of its file in incidents/, without .md.' : `Did you mean ${like}?`,
  );
}

function nearestId({ files }: Workspace, id: string): string | undefined {
  const ids = files.flatMap(({ path }) => /^incidents\/(.+)\.md$/.exec(path)?.[1] ?? []);
  const within = ids.filter((one) => one.includes(id));
  return within.length === 1 ? within[0] : nearest(id, ids);
}

async function askState(ask: Ask, incident: Incident): Promise<IncidentState> {
  const next = nextState(incident.state);
  const states = next === undefined || next === 'resolved' ? [incident.state] : [incident.state, next];
  if (states.length === 1) return incident.state;
  return ask.choose(
    'What is the state now?',
    states.map((state) => ({ value: state, label: state, hint: stateHints[state] })),
    incident.state,
  );
}

function statesBetween(from: IncidentState, to: IncidentState): IncidentState[] {
  const states = IncidentState.options;
  return states.slice(states.indexOf(from) + 1, states.indexOf(to));
}

/** States go forward one step at a time, and nothing follows the last. */
function refuseIllegal(workspace: Workspace, incident: Incident, state: IncidentState): void {
  if (incident.state === 'resolved') {
    throw new UsageError(
      `${incident.id} is resolved, and nothing follows that.`,
      `If the trouble is back, it is a new incident: ${commandLine(workspace, 'incident new')}`,
    );
  }
  if (state === incident.state || state === nextState(incident.state)) return;
  const missing = statesBetween(incident.state, state);
  if (missing.length === 0) {
    throw new UsageError(
      `${incident.id} is ${incident.state}; it does not go back to ${state}.`,
      `Leave out --state to stay ${incident.state}, and say in the message what has changed.`,
    );
  }
  const commands = missing.map((one) =>
    commandLine(workspace, `incident update ${incident.id} --state ${one} --message "..."`),
  );
  throw new UsageError(
    `${incident.id} is ${incident.state}; before ${state} the page must say ${missing.join(' and ')}.`,
    commands.join('\n'),
  );
}
