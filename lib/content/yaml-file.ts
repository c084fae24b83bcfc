import { type Document, isAlias, isMap, isScalar, type ParsedNode, parseDocument, visit, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { fileStart, problem } from '../policy/rules.ts';
import type { Position, Problem } from '../schema/problem.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { schemaProblems } from './schema-problems.ts';
import { yamlSyntaxFault } from './yaml-syntax.ts';

/** The most YAML that one file may hold, in characters. */
const maxYamlLength = 64 * 1024;

/** What reading YAML against a schema came to. */
export interface YamlResult<T> {
  /** Absent where there are problems. */
  readonly value: T | undefined;
  /** What the YAML says, held against nothing; absent where it is no YAML. */
  readonly data: unknown;
  /** Where each key stands; nested keys as `override.reason`, list items as `names.0`. */
  readonly keys: ReadonlyMap<string, Position>;
  readonly problems: readonly Problem[];
}

/** Where the YAML stands: its file, and how many lines of the file come before it. */
export interface YamlPlace {
  readonly file: string;
  readonly linesBefore: number;
}

/** What YAML is held against: a schema, or the one that fits what it says. */
type SchemaChoice<T> = z.ZodType<T> | ((data: unknown) => z.ZodType<T>);

/**
 * Read YAML 1.2 strictly (core schema; no duplicate keys, aliases, merge keys or tags of its own) and hold it against
 * `schema`. Every problem at once; positions are those of the file.
 */
export function readYaml<T>(source: string, place: YamlPlace, schema: SchemaChoice<T>): YamlResult<T> {
  if (source.length > maxYamlLength) return failed(tooLong(place));
  const plain = readPlainYaml(source, place.linesBefore);
  if (plain !== undefined) return holdAgainst(schema, plain, place);
  const locate = locator(source, place.linesBefore);
  const document = parseStrictly(source);
  if (document === undefined) return failed(tooDeep(place));
  const problems = [
    ...firstOfLines(faultsOf(document).map((e) => syntaxProblem(e, place.file, locate))),
    ...(source.includes('*') ? aliasProblems(document, place.file, locate) : []),
  ];
  const { keys, values } = positionsOf(document, locate);
  if (problems.length > 0) return { value: undefined, data: undefined, keys, problems };
  const data: unknown = document.toJS({ maxAliasCount: 0 });
  const result = holdAgainst(schema, { data, keys, values }, place);
  const noKeys = [...keys].filter(([path]) => /\.__proto__$/.test(path)).map(([, at]) => noKey(place.file, at));
  return noKeys.length === 0 ? result : { ...result, value: undefined, problems: [...noKeys, ...result.problems] };
}

interface Reading {
  readonly data: unknown;
  readonly keys: ReadonlyMap<string, Position>;
  readonly values: ReadonlyMap<string, Position>;
}

function holdAgainst<T>(choice: SchemaChoice<T>, { data, keys, values }: Reading, place: YamlPlace): YamlResult<T> {
  const schema = typeof choice === 'function' ? choice(data) : choice;
  const parsed = schema.safeParse(data);
  if (parsed.success) return { value: parsed.data, data, keys, problems: [] };
  const start = { line: place.linesBefore + 1, column: 1 };
  const problems = schemaProblems(parsed.error, data, { file: place.file, start, keys, values }, schema);
  return { value: undefined, data, keys, problems };
}

function failed(problem: Problem): YamlResult<never> {
  return { value: undefined, data: undefined, keys: new Map(), problems: [problem] };
}

type Locate = (offset: number) => Position;

/** Offsets to positions, for a text of few lines: each line's start is looked up once. */
function locator(source: string, linesBefore: number): Locate {
  const starts = [0];
  for (let i = source.indexOf('\n'); i !== -1; i = source.indexOf('\n', i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: linesBefore + low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function parseStrictly(source: string): Document.Parsed<ParsedNode> | undefined {
  try {
    return parseDocument(source, {
      version: '1.2',
      schema: 'core',
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
      merge: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function syntaxProblem(error: YAMLError, file: string, locate: Locate): Problem {
  const [message, fix] = yamlSyntaxFault(error.code);
  return problem('yaml', file, locate(error.pos[0]), message, fix);
}

/** Every fault; where the parser gave up, that one alone, for the others come of it. */
function faultsOf({ errors, warnings }: Document.Parsed<ParsedNode>): readonly YAMLError[] {
  const end = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  return end === undefined ? [...errors, ...warnings] : [end];
}

/** One fault in a line brings others with it. */
function firstOfLines(problems: readonly Problem[]): Problem[] {
  const lines = new Set<number>();
  return problems.filter(({ line }) => !lines.has(line) && lines.add(line));
}

/** The one name that no map of ids can have as a key: the schema would pass over it. */
function noKey(file: string, at: Position): Problem {
  return problem('unknown-key', file, at, '`__proto__` is not a key.', 'Delete it.');
}

function aliasProblems(document: Document.Parsed<ParsedNode>, file: string, locate: Locate): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_key, node) {
      const at = locate(node.range?.[0] ?? 0);
      problems.push(
        problem(
          'yaml',
          file,
          at,
          'There is an alias (a value that begins with *).',
          'Write the value out, or put it in quotes.',
        ),
      );
    },
  });
  return problems;
}

function positionsOf(document: Document.Parsed<ParsedNode>, locate: Locate) {
  const keys = new Map<string, Position>();
  const values = new Map<string, Position>();
  collect(document.contents, '', { keys, values, locate });
  return { keys, values };
}

interface Collector {
  readonly keys: Map<string, Position>;
  readonly values: Map<string, Position>;
  readonly locate: Locate;
}

function collect(node: ParsedNode | null, path: string, into: Collector): void {
  if (node === null || isAlias(node) || isScalar(node)) return;
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const name = path === '' ? String(key.value) : `${path}.${key.value}`;
      into.keys.set(name, into.locate(key.range[0]));
      if (value !== null) into.values.set(name, into.locate(value.range[0]));
      collect(value, name, into);
    }
    return;
  }
  node.items.forEach((item, index) => {
    if (!('range' in item)) return;
    const name = path === '' ? String(index) : `${path}.${index}`;
    into.keys.set(name, into.locate(item.range[0]));
    into.values.set(name, into.locate(item.range[0]));
    collect(item, name, into);
  });
}

function tooLong({ file }: YamlPlace): Problem {
  return problem('yaml', file, fileStart, `The YAML is longer than ${maxYamlLength} characters.`, 'Say it in less.');
}

function tooDeep({ file }: YamlPlace): Problem {
  return problem('yaml', file, fileStart, 'The lists and maps are nested too deeply.', 'Write it flat.');
}
