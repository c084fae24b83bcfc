import type { AuditFact } from '../schema/audit.ts';
import type { Component } from '../schema/component.ts';
import type { Incident } from '../schema/incident.ts';
import type { RecordedState, Transition } from '../schema/state.ts';
import { type PinFact, pinFacts, pinOf } from './override-facts.ts';

/** What people wrote, as far as the audit log tells of it. */
export interface ToldContent {
  readonly incidents: readonly Incident[];
  readonly components: readonly Component[];
}

/** What deciding on facts needs beside the content. */
export interface Telling {
  readonly now: Date;
  /** Who wrote a file, relative to the root. */
  readonly whoOf: (file: string) => string;
  /** Components whose file is there and could not be read: nothing is known of their override. */
  readonly unread?: ReadonlySet<string>;
}

/**
 * What the audit log has not been told of the content yet, oldest incident first, and what it has been told then (without
 * `pending`, which the caller keeps). The words of an update are left out: git has them, and what is redacted later would stay in the log for ever.
 */
export function contentFacts(
  content: ToldContent,
  recorded: RecordedState | undefined,
  telling: Telling,
): { readonly facts: readonly AuditFact[]; readonly recorded: RecordedState } {
  const before = recorded ?? nothingRecorded;
  const facts: AuditFact[] = [];
  const incidents = newOfIncidents(content.incidents, before.incidents, telling, facts);
  const overrides = newOfOverrides(content.components, before, telling, facts);
  return { facts, recorded: { ...before, ...overrides, incidents } };
}

/** What is recorded before anything is. */
export const nothingRecorded: RecordedState = { incidents: {}, overrides: {}, told: 0, pending: [] };

/** The facts of components that changed their state by what probes measured. */
export function transitionFacts(pending: readonly Transition[]): AuditFact[] {
  return pending.map(({ component, before, after, since, known_at }) => {
    const [sinceText, knownText] = [new Date(since).toISOString(), new Date(known_at).toISOString()];
    return {
      id: `component.changed ${component} ${knownText} ${before} ${after}`,
      action: 'component.changed',
      who: 'probes',
      subject: `components/${component}`,
      before: { status: before },
      after: { status: after, since: sinceText, known_at: knownText },
    };
  });
}

function newOfIncidents(
  incidents: readonly Incident[],
  told: RecordedState['incidents'],
  { whoOf }: Telling,
  facts: AuditFact[],
): RecordedState['incidents'] {
  const grown: Record<string, number> = {};
  for (const incident of incidents.toReversed()) {
    if (!incident.published) continue;
    const known = told[incident.id];
    if (known !== undefined && known >= incident.updates.length) continue;
    const who = whoOf(incident.file);
    if (known === undefined) facts.push(publication(incident, who));
    facts.push(...updateFacts(incident, known ?? 0, who));
    grown[incident.id] = incident.updates.length;
  }
  return Object.keys(grown).length === 0 ? told : { ...told, ...grown };
}

function publication({ id, impact, startedAt, components }: Incident, who: string): AuditFact {
  const after = { impact, started_at: startedAt.toISOString(), ...statusFields(components) };
  return {
    id: `incident.published ${id}`,
    action: 'incident.published',
    who,
    subject: `incidents/${id}`,
    before: null,
    after,
  };
}

/** The updates from the one at `from` on, each with the state and the statuses that it changed. */
function updateFacts({ id, components, updates }: Incident, from: number, who: string): AuditFact[] {
  const statuses = new Map(components);
  return updates.flatMap((update, i): AuditFact[] => {
    const changed = new Map(
      [...update.components.keys()].flatMap((component) => {
        const status = statuses.get(component);
        return status === undefined ? [] : [[component, status] as const];
      }),
    );
    for (const [component, status] of update.components) statuses.set(component, status);
    if (i < from) return [];
    const previous = updates[i - 1];
    const at = update.at.toISOString();
    return [
      {
        id: `update.published ${id} ${at}`,
        action: 'update.published',
        who,
        subject: `incidents/${id}`,
        before: previous === undefined ? null : { state: previous.state, ...statusFields(changed) },
        after: { state: update.state, at, ...statusFields(update.components) },
      },
    ];
  });
}

function statusFields(statuses: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...statuses].map(([component, status]) => [`components.${component}`, status]));
}

function newOfOverrides(
  components: readonly Component[],
  recorded: RecordedState,
  telling: Telling,
  facts: AuditFact[],
): Pick<RecordedState, 'overrides' | 'told'> {
  const overrides = new Map(Object.entries(recorded.overrides));
  const present = new Map(components.map((component) => [component.id, component]));
  let { told } = recorded;
  for (const id of new Set([...overrides.keys(), ...present.keys()])) {
    if (telling.unread?.has(id) === true) continue;
    const override = present.get(id)?.override;
    const known = overrides.get(id);
    if (override === undefined && known === undefined) continue;
    const news = pinFacts(known, override && pinOf(override), telling.now);
    for (const fact of news.facts) facts.push(overrideFact(id, fact, ++told, telling));
    if (news.told === undefined) overrides.delete(id);
    else overrides.set(id, news.told);
  }
  return { overrides: Object.fromEntries(overrides), told };
}

/** `number` tells it from the same change of the same override, made a second time. */
function overrideFact(id: string, fact: PinFact, number: number, { whoOf }: Telling): AuditFact {
  return {
    id: `${fact.action} ${id} ${fact.setAt} ${number}`,
    action: fact.action,
    who: fact.by === 'expiry' ? 'expiry' : whoOf(`components/${id}.yml`),
    subject: `components/${id}`,
    before: fact.before,
    after: fact.after,
  };
}
