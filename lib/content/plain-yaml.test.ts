import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Position } from '../schema/problem.ts';
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts';

/** The same by the full parser. */
function readFully(source: string): PlainYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { version: '1.2', schema: 'core', stringKeys: true, lineCounter });
  if (document.errors.length + document.warnings.length > 0) throw new Error('This is not YAML.');
  const keys = new Map<string, Position>();
  const values = new Map<string, Position>();
  const collect = (node: ParsedNode | null, prefix: string): void => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (!isScalar(key) || value === null) throw new Error('There is a key without a value.');
      const at = (offset: number) => {
        const { line, col } = lineCounter.linePos(offset);
        return { line, column: col };
      };
      keys.set(`${prefix}${key.value}`, at(key.range[0]));
      values.set(`${prefix}${key.value}`, at(value.range[0]));
      collect(value, `${prefix}${key.value}.`);
    }
  };
  collect(document.contents, '');
  return { data: document.toJS(), keys, values };
}

const sample = `# yaml-language-server: $schema=../schema.json
title: "Card payments: failing"
published: true            # default false
impact: major

components:
  payments: partial_outage
  # the tills
  point-of-sale: operational
order: 10
started_at: 2026-11-20T09:05:00Z
`;

test('nearly every file is written in forms that are read without the full parser', () => {
  expect(readPlainYaml(sample, 0)).toEqual(readFully(sample));
});

test('lines before the YAML count', () => {
  expect(readPlainYaml('a: b\n', 1)?.keys.get('a')).toEqual({ line: 2, column: 1 });
});

test.each([
  ['a key twice', 'a: b\na: c\n'],
  ['a word that is no text', 'a: Null\n'],
  ['a number of another kind', 'a: 0x10\n'],
  ['a colon inside a value', 'a: b: c\n'],
  ['an escape', 'a: "b\\n"\n'],
  ['a value on the next line', 'a:\n  b\n'],
  ['a value over two lines', 'a: b\n  c\n'],
  ['a key without a value', 'a:\nb: c\n'],
  ['a list', 'a:\n  - b\n'],
  ['a second level', 'a:\n  b:\n    c: d\n'],
  ['uneven indentation', 'a:\n  b: c\n   d: e\n'],
  ['a second document', 'a: b\n---\n'],
  ['an alias', 'a: *b\n'],
  ['a tag', 'a: !b c\n'],
  ['a tab', 'a:\tb\n'],
  ['a name of the language', '__proto__: b\n'],
  ['no line at all', '# b\n'],
])('%s is left to the full parser', (_what, source) => {
  expect(readPlainYaml(source, 0)).toBeUndefined();
});

test('what is read here, the full parser reads in the same way', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'b1',
      'null',
      'True',
      'false',
      '12',
      '007',
      '1e3',
      '.5',
      '-',
      '- ',
      '"',
      '"x"',
      "'",
      ': ',
      ':',
      ' ',
      '  ',
      '#',
      ' # c',
    ],
    ...[
      '\n',
      '\n',
      '\n  ',
      'k: ',
      'm:\n  n: ',
      '2026-11-20T09:05:00Z',
      '2026-11-20',
      '{}',
      '[',
      '*',
      '&',
      '!',
      '%',
      '?',
      '|',
      '>',
      ',',
      '~',
      '...',
      '---',
    ],
  );
  const line = fc.array(pieces, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const entry = fc
    .tuple(fc.constantFrom('a', 'b', 'c: ', 'd', '  e', '  f', '   g'), line)
    .map(([key, value]) => `${key}: ${value}`);
  const source = fc
    .array(fc.oneof({ weight: 4, arbitrary: entry }, line), { maxLength: 6 })
    .map((lines) => `${lines.join('\n')}\n`);
  fc.assert(
    fc.property(source, (text) => {
      const plain = readPlainYaml(text, 0);
      if (plain !== undefined) expect(plain).toEqual(readFully(text));
    }),
    { numRuns: 5000 },
  );
});
