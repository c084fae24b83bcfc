import type { Position } from '../schema/problem.ts';

/** What YAML says, and where its keys and values stand. */
export interface PlainYaml {
  readonly data: Readonly<Record<string, unknown>>;
  readonly keys: ReadonlyMap<string, Position>;
  readonly values: ReadonlyMap<string, Position>;
}

/**
 * Read the few forms of YAML that nearly every file is written in: `key: value` lines of words, numbers, instants and
 * plain double quotes, and maps of them one level deep. `undefined` for all else, which the full parser reads; what is
 * read here, the full parser reads in the same way, at many times the cost.
 */
export function readPlainYaml(source: string, linesBefore: number): PlainYaml | undefined {
  const keys = new Map<string, Position>();
  const values = new Map<string, Position>();
  const data: Record<string, unknown> = {};
  let map: { readonly name: string; readonly data: Record<string, unknown>; indent: number } | undefined;
  let line = linesBefore;
  for (const text of source.split('\n')) {
    line += 1;
    if (text.length > longestLine) return undefined;
    if (nothing.test(text)) continue;
    const [, spaces = '', key = '', gap = '', written] = entry.exec(text) ?? [];
    if (key === '' || key === '__proto__') return undefined;
    const indent = spaces.length;
    const column = indent + key.length + 2 + gap.length;
    if (indent === 0) {
      if (keys.has(key) || isEmpty(map)) return undefined;
      keys.set(key, { line, column: 1 });
      map = written === undefined ? { name: key, data: {}, indent: 0 } : undefined;
      data[key] = map === undefined ? scalarOf(written) : map.data;
      if (data[key] === undefined) return undefined;
      if (map === undefined) values.set(key, { line, column });
      continue;
    }
    const name = `${map?.name}.${key}`;
    const value = scalarOf(written);
    if (map === undefined || value === undefined || keys.has(name)) return undefined;
    if (map.indent === 0) values.set(map.name, { line, column: indent + 1 });
    else if (map.indent !== indent) return undefined;
    map.indent = indent;
    map.data[key] = value;
    keys.set(name, { line, column: indent + 1 });
    values.set(name, { line, column });
  }
  return keys.size === 0 || isEmpty(map) ? undefined : { data, keys, values };
}

const longestLine = 400;
const nothing = /^(?: *| *#[\x20-\x7E]*)$/;
/** Spaces, key, the spaces after its colon, and the value, if any; then perhaps a comment. */
const entry = /^( *)([A-Za-z_][A-Za-z0-9_-]*):(?:( +)([^ #][^#]*?))?(?: +#[\x20-\x7E]*| *)$/;

function isEmpty(map: { readonly indent: number } | undefined): boolean {
  return map !== undefined && map.indent === 0;
}

function scalarOf(written: string | undefined): unknown {
  if (written === undefined) return undefined;
  if (written === 'true') return true;
  if (written === 'false') return false;
  if (/^(?:0|[1-9]\d{0,8})$/.test(written)) return Number(written);
  if (/^"[\x20\x21\x23-\x5B\x5D-\x7E]*"$/.test(written)) return written.slice(1, -1);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(written)) return written;
  return /^[A-Za-z][\w ,.'()/&%!?+;-]*$/.test(written) && !special.test(written) ? written : undefined;
}

/** Words that are no text in YAML. */
const special = /^(?:null|true|false)$/i;
