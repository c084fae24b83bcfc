import { z } from 'zod';
import { problem } from '../policy/rules.ts';
import type { Position, Problem } from '../schema/problem.ts';
import { instantFault, instantFix } from './instant-fault.ts';
import { nearest } from './nearest.ts';

/** Where the values of a file stand. */
export interface ValuePlaces {
  readonly file: string;
  /** Where the YAML begins: what is missing is reported there. */
  readonly start: Position;
  readonly keys: ReadonlyMap<string, Position>;
  readonly values: ReadonlyMap<string, Position>;
}

type Issue = z.core.$ZodIssue;

/** What a schema found wrong in `data`, as problems with places and fixes. Values are quoted only where they are plain words. */
export function schemaProblems(error: z.ZodError, data: unknown, places: ValuePlaces, schema: z.ZodType): Problem[] {
  const unknown = error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  const meant = new Set(unknown.flatMap((issue) => meantKeys(issue, schema)));
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, places, schema);
    const value = valueAt(data, issue.path);
    const path = issue.path.join('.');
    if (value === undefined) return meant.has(path) ? [] : [missingKey(issue, places)];
    const { message, fix } = describe(issue, path, value);
    return [problem('wrong-value', places.file, positionOf(path, issue, places), message, fix)];
  });
}

function missingKey(issue: Issue, places: ValuePlaces): Problem {
  const parent = issue.path.slice(0, -1).join('.');
  const at = places.keys.get(parent) ?? places.start;
  const under = parent === '' ? '' : ` under \`${parent}\``;
  const fix = `Add \`${String(issue.path.at(-1))}: ${example(issue)}\`${under}.`;
  return problem('missing-key', places.file, at, `\`${issue.path.join('.')}\` is missing.`, fix);
}

/** The keys that unknown ones are likely misspellings of, as paths. */
function meantKeys(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.ZodType): string[] {
  const known = keysAt(schema, issue.path);
  return issue.keys.flatMap((key) => {
    const like = nearest(key, known);
    return like === undefined ? [] : [...issue.path, like].join('.');
  });
}

function positionOf(path: string, issue: Issue, places: ValuePlaces): Position {
  const table = issue.code === 'invalid_key' ? places.keys : places.values;
  return table.get(path) ?? places.keys.get(path) ?? places.start;
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, places: ValuePlaces, schema: z.ZodType): Problem[] {
  const known = keysAt(schema, issue.path);
  return issue.keys.map((key) => {
    const path = [...issue.path, key].join('.');
    const like = nearest(key, known);
    return problem(
      'unknown-key',
      places.file,
      places.keys.get(path) ?? places.start,
      `${isWord(key) ? quote(key) : 'This'} is not a key here.`,
      like === undefined ? `Delete it; the keys here are ${known.join(', ')}.` : `Did you mean \`${like}\`?`,
    );
  });
}

/** The keys that `schema` knows at `path`, through optional and default wrappers. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path;
  const bare = unwrap(schema);
  if (!(bare instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(bare.shape);
  const next: unknown = bare.shape[String(first)];
  return next instanceof z.ZodType ? keysAt(next, rest) : [];
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap());
  }
  return schema;
}

interface Description {
  readonly message: string;
  readonly fix: string;
}

function describe(issue: Issue, path: string, value: unknown): Description {
  if (path === '' && value === null) return { message: 'The file is empty.', fix: 'Write `key: value`, one a line.' };
  const name = path === '' ? 'The file' : `\`${path}\``;
  switch (issue.code) {
    case 'invalid_value':
      return wrongWord(name, issue.values.map(String), value);
    case 'invalid_type':
      return wrongType(name, issue.expected, value, path);
    case 'invalid_format':
      return wrongFormat(name, issue, value);
    case 'too_big':
      return tooBig(name, issue);
    case 'invalid_union':
      return { message: `${name} must be text, a number, true, false or null.`, fix: 'Write one value.' };
    case 'too_small':
      return tooSmall(name, issue);
    case 'invalid_key':
      return {
        message: `${quote(String(issue.path.at(-1)))} is not a component's id.`,
        fix: 'An id is lower-case letters and digits, joined by single hyphens: the file name of the component without .yml.',
      };
    default:
      return { message: `${name} is wrong: ${issue.message}.`, fix: 'See the description of the file formats.' };
  }
}

function wrongWord(name: string, words: readonly string[], value: unknown): Description {
  const like = typeof value === 'string' ? nearest(value, words) : undefined;
  const list = words.join(', ');
  return {
    message: `${name} is ${quote(value)}, which is none of ${list}.`,
    fix: like === undefined ? `Write one of ${list}.` : `Did you mean \`${like}\`?`,
  };
}

/** What a value of each kind is called, and how it is written. */
const kinds: Readonly<Record<string, readonly [name: string, howTo: string]>> = {
  string: ['text', 'Put it in quotes.'],
  boolean: ['true or false', 'Write `true` or `false`, without quotes.'],
  number: ['a number', 'Write a number, without quotes.'],
  int: ['a whole number', 'Write a whole number, without quotes.'],
  object: ['keys with values', 'Write `key: value`, one a line.'],
  record: ['keys with values', 'Write `name: value`, one a line and indented; or `{}` for none.'],
  array: ['a list', 'Write `- item`, one a line and indented.'],
};

/** What the keys and values of some maps are, where that is said otherwise than in general. */
const entriesOf: Readonly<Record<string, string>> = { components: 'component: status' };

function wrongType(name: string, expected: string, value: unknown, path: string): Description {
  const [kind, inGeneral] = kinds[expected] ?? [expected, 'See the description of the file formats.'];
  const howTo = inGeneral.replace('name: value', entriesOf[path] ?? 'name: value');
  if (value === null)
    return { message: `${name} is empty, and must be ${kind}.`, fix: 'Write its value after the colon.' };
  return { message: `${name} must be ${kind}, and is ${kindOf(value)}.`, fix: howTo };
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  return { string: 'text', number: 'a number', boolean: 'true or false' }[String(typeof value)] ?? typeof value;
}

const formats: Readonly<Record<string, readonly [name: string, howTo: string]>> = {
  url: ['an address on the web', 'Write it whole, as https://status.example.com.'],
  email: ['an e-mail address', 'Write it as support@example.com.'],
};

function wrongFormat(name: string, issue: z.core.$ZodIssueInvalidStringFormat, value: unknown): Description {
  const { format } = issue;
  if (format === 'datetime') return { message: `${name} ${instantFault(String(value))}.`, fix: instantFix };
  const [kind, howTo] = formats[format] ?? [
    'in the form that is needed here',
    'See the description of the file formats.',
  ];
  // A pattern that says in words what it takes; the words of the library begin otherwise.
  if (format === 'regex' && !issue.message.startsWith('Invalid'))
    return { message: `${name} is not in the form that is needed here.`, fix: `Write ${issue.message}.` };
  return { message: `${name} is not ${kind}.`, fix: howTo };
}

function tooBig(name: string, issue: z.core.$ZodIssueTooBig): Description {
  const fix = isAmount(issue.origin) ? `Write ${issue.maximum} at most.` : 'Say it in less.';
  return { message: `${name} is more than ${issue.maximum}${unit(issue.origin)}.`, fix };
}

function tooSmall(name: string, issue: z.core.$ZodIssueTooSmall): Description {
  if (issue.origin === 'string' && Number(issue.minimum) === 1)
    return { message: `${name} is empty.`, fix: 'Write something.' };
  const fix = isAmount(issue.origin) ? `Write ${issue.minimum} at least.` : 'Say more.';
  return { message: `${name} is less than ${issue.minimum}${unit(issue.origin)}.`, fix };
}

function isAmount(origin: string): boolean {
  return origin === 'number' || origin === 'int';
}

function unit(origin: string): string {
  return { string: ' characters', array: ' items' }[origin] ?? '';
}

function example(issue: Issue): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' | ');
  return '...';
}

/** A value in a message: quoted where it is a plain word, which no secret is; described otherwise. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') return kindOf(value);
  return isWord(value) ? `\`${value}\`` : 'other text';
}

function isWord(text: string): boolean {
  return /^[A-Za-z][A-Za-z_-]{0,39}$/.test(text);
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([name]) => name === String(key))?.[1];
  }, data);
}
