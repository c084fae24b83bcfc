import { isMap, isScalar, type ParsedNode, parseDocument, stringify } from 'yaml';

/** A value that a program writes into a file of a person. */
export type Plain = string | number | boolean;

/** A value as YAML on one line, in quotes where it needs them. */
export function scalar(value: Plain): string {
  const line = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : value;
  return stringify(line, { lineWidth: 0 }).trimEnd();
}

/** Set a top-level key of a block map to a plain value; every other character stays as it is. A missing key is added at the end. */
export function setScalar(yaml: string, key: string, value: Plain): string {
  const found = find(yaml, key);
  if (found === undefined) return addLines(yaml, `${key}: ${scalar(value)}\n`);
  const { value: node, keyEnd } = found;
  if (node !== null && node.range[0] < node.range[1]) {
    return yaml.slice(0, node.range[0]) + scalar(value) + yaml.slice(node.range[1]);
  }
  const colon = yaml.indexOf(':', keyEnd) + 1;
  return `${yaml.slice(0, colon)} ${scalar(value)}${yaml.slice(colon)}`;
}

/** Put lines in the place of a top-level key and all that stands under it, or at the end; no lines remove the key. */
export function replaceBlock(yaml: string, key: string, lines: string): string {
  const found = find(yaml, key);
  if (found === undefined) return lines === '' ? yaml : addLines(yaml, lines);
  const start = yaml.lastIndexOf('\n', found.keyStart - 1) + 1;
  let end = lineAfter(yaml, Math.max(start, (found.value?.range[1] ?? 0) - 1));
  for (let next = end; next < yaml.length; next = lineAfter(yaml, next)) {
    const line = yaml.slice(next, lineAfter(yaml, next));
    if (/^[ \t]+\S/.test(line)) end = lineAfter(yaml, next);
    else if (line.trim() !== '') break;
  }
  return yaml.slice(0, start) + lines + yaml.slice(end);
}

interface Found {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: ParsedNode | null;
}

function find(yaml: string, key: string): Found | undefined {
  const map = parseDocument(yaml).contents;
  if (!isMap(map)) return undefined;
  for (const pair of map.items) {
    if (isScalar(pair.key) && pair.key.value === key) {
      return { keyStart: pair.key.range[0], keyEnd: pair.key.range[1], value: pair.value };
    }
  }
  return undefined;
}

function addLines(yaml: string, lines: string): string {
  return yaml === '' || yaml.endsWith('\n') ? yaml + lines : `${yaml}\n${lines}`;
}

function lineAfter(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}
