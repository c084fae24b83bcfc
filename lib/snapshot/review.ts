import type { ComponentId, IncidentId } from '../schema/identifier.ts';
import type { PublicComponent, PublicIncident, PublicUpdate } from '../schema/snapshot.ts';
import type { ComponentStatus } from '../schema/status.ts';
import type { PublicModel } from './public-model.ts';

/** What the public reads before and after, of one line of text that is no update. */
export interface ReviewedText {
  /** `page`, or the id of a component or an incident. */
  readonly of: string;
  readonly field: string;
  /** `undefined` where the public reads nothing there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** How a component is shown, before and after. */
export interface ReviewedComponent {
  readonly id: ComponentId;
  readonly name: string;
  /** `undefined` where the page does not have it. */
  readonly before: ComponentStatus | undefined;
  readonly after: ComponentStatus | undefined;
}

/** An incident that the public reads something new of. */
export interface ReviewedIncident {
  readonly id: IncidentId;
  readonly url: string;
  readonly title: string;
  readonly impact: PublicIncident['impact'];
  readonly state: PublicIncident['state'];
  /** Whether the public has read of it before. */
  readonly isNew: boolean;
  /** What is new, oldest first; also one whose words changed. */
  readonly updates: readonly PublicUpdate[];
  /** Whose subscribers get mail: what the incident is or was about; `undefined` for imported history, of which nobody is told. */
  readonly tells: readonly { readonly id: ComponentId; readonly name: string }[] | undefined;
  readonly nextUpdateDueAt: string | undefined;
}

/** What a change does to what the public reads. */
export interface Review {
  readonly incidents: readonly ReviewedIncident[];
  /** Incidents that the public can read now and no longer after the change. */
  readonly withdrawn: readonly IncidentId[];
  readonly components: readonly ReviewedComponent[];
  readonly texts: readonly ReviewedText[];
}

/** The difference between two public models: what may leave is decided there, and here only what is new of it. */
export function reviewOf(before: PublicModel, after: PublicModel): Review {
  const known = new Map(before.history.map((incident) => [incident.id, incident]));
  const remaining = new Set(after.history.map(({ id }) => id));
  return {
    incidents: after.history.flatMap((incident) => reviewedIncident(known.get(incident.id), incident)),
    withdrawn: before.history.map(({ id }) => id).filter((id) => !remaining.has(id)),
    components: reviewedComponents(before.snapshot.components, after.snapshot.components),
    texts: [
      ...fieldsOf('page', before.snapshot.page, after.snapshot.page),
      ...componentTexts(before.snapshot.components, after.snapshot.components),
      ...after.history.flatMap((incident) => incidentTexts(known.get(incident.id), incident)),
    ],
  };
}

function reviewedIncident(before: PublicIncident | undefined, after: PublicIncident): ReviewedIncident[] {
  const read = new Set(before?.updates.map((update) => JSON.stringify(update)));
  const updates = after.updates.filter((update) => !read.has(JSON.stringify(update))).reverse();
  if (updates.length === 0 && before !== undefined) return [];
  const { id, url, title, impact, state, components } = after;
  return [
    {
      id,
      url,
      title,
      impact,
      state,
      isNew: before === undefined,
      updates,
      tells: after.imported_from === undefined ? components.map(({ id, name }) => ({ id, name })) : undefined,
      nextUpdateDueAt: after.next_update_due_at,
    },
  ];
}

function reviewedComponents(
  before: readonly PublicComponent[],
  after: readonly PublicComponent[],
): ReviewedComponent[] {
  return pairs(before, after)
    .map(([id, was, is]) => ({ id, name: (is ?? was)?.name ?? id, before: was?.status, after: is?.status }))
    .filter((one) => one.before !== one.after);
}

function componentTexts(before: readonly PublicComponent[], after: readonly PublicComponent[]): ReviewedText[] {
  return pairs(before, after).flatMap(([id, was, is]) => fieldsOf(id, textsOf(was), textsOf(is)));
}

function textsOf(component: PublicComponent | undefined) {
  const { override } = component ?? {};
  return {
    name: component?.name,
    description: component?.description,
    group: component?.group,
    'override reason': override?.reason,
    'override until': override?.expires_at,
  };
}

/** The title and the impact of an incident that the public knows; of a new one they stand with it. */
function incidentTexts(before: PublicIncident | undefined, after: PublicIncident): ReviewedText[] {
  if (before === undefined) return [];
  const texts = ({ title, impact, started_at, resolved_at }: PublicIncident) => ({
    title,
    impact,
    started_at,
    resolved_at,
  });
  return fieldsOf(after.id, texts(before), texts(after));
}

function fieldsOf(of: string, before: object, after: object): ReviewedText[] {
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    const text = { of, field, before: said(was.get(field)), after: said(is.get(field)) };
    return text.before === text.after ? [] : [text];
  });
}

function said(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function pairs<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): [string, T | undefined, T | undefined][] {
  const was = new Map(before.map((one) => [one.id, one]));
  const is = new Map(after.map((one) => [one.id, one]));
  return [...new Set([...is.keys(), ...was.keys()])].map((id) => [id, was.get(id), is.get(id)]);
}
