import { type FieldFault, ManageRequest, SubscribeRequest } from '../schema/endpoint.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { ComponentChoice } from '../schema/subscription.ts';
import { type EmailAddress, readEmailAddress } from './email-address.ts';
import type { RequestBody } from './request-body.ts';

/** What somebody who subscribes asks for, a program that gave itself away, or what is wrong with it. */
export type SubscribeReading =
  | {
      readonly kind: 'wish';
      readonly email: EmailAddress;
      readonly components: ComponentChoice;
      readonly language: string;
    }
  | { readonly kind: 'bot' }
  | Faults;

/** What a request asks to hear of, or what is wrong with it. */
export type ChoiceReading = { readonly kind: 'choice'; readonly components: ComponentChoice } | Faults;

interface Faults {
  readonly kind: 'refused';
  readonly faults: readonly [FieldFault, ...FieldFault[]];
}

const usualLanguage = 'en';

/** Read a wish to subscribe; `known` are the components that there are. A filled honeypot is seen before anything else. */
export function readSubscribe(body: RequestBody, known: readonly ComponentId[]): SubscribeReading {
  const given = body.kind === 'json' ? body.value : formFields(body.fields, ['email', 'language', '_hp']);
  if (isTrapped(given)) return { kind: 'bot' };
  const repeated = body.kind === 'form' ? repeatedIn(body.fields, ['email', 'language']) : [];
  const parsed = SubscribeRequest.safeParse(given);
  if (!parsed.success || repeated.length > 0) {
    return refused([...repeated, ...shapeFaults(given, parsed.error?.issues ?? [], subscribeForms)]);
  }
  const { email, components = 'all', language = usualLanguage } = parsed.data;
  const address = readEmailAddress(email);
  const faults = [
    ...(address.kind === 'refused' ? [{ field: 'email', message: address.reason }] : []),
    ...unknownComponents(components, known),
  ];
  if (address.kind === 'refused' || faults.length > 0) return refused(faults);
  return { kind: 'wish', email: address.address, components: each(components), language };
}

/** Read a new choice of components. A form says `choice` (`all` or `some`) and ticks `components`. */
export function readChoice(body: RequestBody, known: readonly ComponentId[]): ChoiceReading {
  const given = body.kind === 'json' ? body.value : chosen(body.fields);
  const parsed = ManageRequest.safeParse(given);
  if (!parsed.success) return refused(shapeFaults(given, parsed.error.issues, manageForms));
  const faults = unknownComponents(parsed.data.components, known);
  return faults.length > 0 ? refused(faults) : { kind: 'choice', components: each(parsed.data.components) };
}

type Fields = ReadonlyMap<string, readonly string[]>;

/** The fields of a form that we know, as JSON would have them: what is left empty is absent, no box ticked means all. */
function formFields(fields: Fields, names: readonly string[]): Record<string, unknown> {
  const single = names.map((name) => [name, fields.get(name)?.[0]] as const).filter(([, value]) => value);
  const components = fields.get('components') ?? [];
  const ticked =
    components.length === 0 ? [] : [['components', components.includes('all') ? 'all' : components] as const];
  return Object.fromEntries([...single, ...ticked]);
}

function chosen(fields: Fields): Record<string, unknown> {
  const components = fields.get('components') ?? [];
  const isAll = fields.get('choice')?.includes('all') === true || components.includes('all');
  return { components: isAll ? 'all' : components };
}

function isTrapped(given: unknown): boolean {
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, '_hp')) return false;
  const filled: unknown = Object.getOwnPropertyDescriptor(given, '_hp')?.value;
  return filled !== '' && filled !== null && filled !== undefined;
}

/** Two values where one is meant: whichever was taken, somebody else might take the other. */
function repeatedIn(fields: Fields, names: readonly string[]): FieldFault[] {
  return names
    .filter((name) => (fields.get(name)?.length ?? 0) > 1)
    .map((field) => ({ field, message: 'This is given more than once.' }));
}

const subscribeForms: Readonly<Record<string, string>> = {
  email: 'Write your e-mail address.',
  components: 'Write "all", or a list of ids of components.',
  language: 'Write a language such as en or es-GT.',
};
const manageForms: Readonly<Record<string, string>> = {
  components: 'Choose everything, or at least one component.',
};

function shapeFaults(
  given: unknown,
  issues: readonly { readonly code: string; readonly path: readonly PropertyKey[] }[],
  forms: Readonly<Record<string, string>>,
): FieldFault[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [{ field: Object.keys(forms)[0] ?? '', message: 'Send an object with fields.' }];
  }
  const wrong = new Set(issues.flatMap(({ path }) => (typeof path[0] === 'string' ? [path[0]] : [])));
  const named = Object.entries(forms).filter(([field]) => wrong.has(field));
  const faults = named.map(([field, message]) => ({ field, message }));
  if (!issues.some(({ code }) => code === 'unrecognized_keys')) return faults;
  const message = `There is a field that is not known here. Known are ${Object.keys(forms).join(', ')}.`;
  return [...faults, { field: 'unknown', message }];
}

function each(components: ComponentChoice): ComponentChoice {
  return components === 'all' ? 'all' : [...new Set(components)];
}

function unknownComponents(components: ComponentChoice, known: readonly ComponentId[]): FieldFault[] {
  if (components === 'all' || components.every((id) => known.includes(id))) return [];
  return [
    { field: 'components', message: `There is a component that this page does not have. It has ${known.join(', ')}.` },
  ];
}

function refused(faults: readonly FieldFault[]): Faults {
  const [first, ...others] = faults;
  if (first === undefined) throw new Error('A request was refused for no reason.');
  return { kind: 'refused', faults: [first, ...others] };
}
