import { jsonOf } from '../schema/json-text.ts';

/** What a request carries, read as what it says it is. */
export type RequestBody =
  | { readonly kind: 'json'; readonly value: unknown }
  /** Every value of each field, in their order. */
  | { readonly kind: 'form'; readonly fields: ReadonlyMap<string, readonly string[]> };

const reasons = {
  utf8: 'The request is not valid UTF-8.',
  json: 'The request is not valid JSON.',
  escapes: 'The form is not encoded as forms are.',
  formUtf8: 'The form is not valid UTF-8.',
  fields: 'The form has too many fields.',
} as const;

/** Why a body cannot be read: a sentence for people that repeats nothing of it. */
export type MalformedReason = (typeof reasons)[keyof typeof reasons];

/** A body, or why it cannot be read. */
export type BodyReading =
  | { readonly kind: 'body'; readonly body: RequestBody }
  | { readonly kind: 'malformed'; readonly reason: MalformedReason };

/** What a body may be. */
export type BodyType = RequestBody['kind'];

/** What a `Content-Type` says of a body that can be read; `undefined` for every other, and for other encodings than UTF-8. */
export function bodyTypeOf(contentType: string | undefined): BodyType | undefined {
  // What nearly every request has needs no second look.
  const plain = types.get(contentType ?? '');
  if (plain !== undefined) return plain;
  const [, type = '', rest = ''] = /^\s*([\w.+/-]+)\s*((?:;.*)?)$/.exec(contentType ?? '') ?? [];
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(rest)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) return undefined;
  return types.get(type.toLowerCase());
}

const types = new Map<string, BodyType>([
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
]);

/** Read the bytes of a body as what they are said to be. */
export function readBody(type: BodyType, bytes: Uint8Array): BodyReading {
  const text = textOf(bytes);
  if (text === undefined) return malformed('utf8');
  return type === 'json' ? readJson(text) : readForm(text);
}

function readJson(text: string): BodyReading {
  const value = jsonOf(text);
  if (value === undefined) return malformed('json');
  return { kind: 'body', body: { kind: 'json', value } };
}

/** More fields than any form of ours has are an attack. */
const mostFields = 1000;

function readForm(text: string): BodyReading {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return malformed('escapes');
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > mostFields) return malformed('fields');
    if (`${name}${value}`.includes('\ufffd')) return malformed('formUtf8');
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return { kind: 'body', body: { kind: 'form', fields } };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function malformed(why: keyof typeof reasons): BodyReading {
  return { kind: 'malformed', reason: reasons[why] };
}
