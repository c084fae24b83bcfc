import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMarkdown } from './parse-markdown.ts';
import { quickTree } from './quick-tree.ts';
import { readableTree } from './readable-tree.ts';

const signs = [
  'a',
  'b c',
  '*',
  '**',
  '`',
  '[',
  '](https://a.b)',
  ']',
  '(',
  ')',
  ' ',
  '\n',
  '\n\n',
  '- ',
  '!',
  '.',
  ':',
  '//',
  '_',
];
const more = [
  '1. ',
  '#',
  '%',
  '\\',
  '&amp;',
  '<b>',
  '|',
  '---',
  '=',
  'é',
  '\u{1f600}',
  'redacted',
  '\t',
  '\u00a0',
  '~',
  '+',
  '>',
];
const simple = [
  '**a b**',
  '*c*',
  '`d`',
  '[e f](https://g.h)',
  'word',
  ' ',
  '. ',
  '(',
  ')',
  '\n',
  '\n\n',
  '- ',
  ', ',
  '!',
  '10%',
];

const joined = (parts: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength }).map((found) => found.join(''));

test.each([
  ['signs of all kinds', joined([...signs, ...more], 10)],
  ['simple words', joined(simple, 12)],
  ['any text', fc.string({ unit: 'binary', maxLength: 20 })],
])('a tree read without the parser is the one that the parser gives: %s', (_, texts) => {
  fc.assert(
    fc.property(texts, (source) => {
      const quick = quickTree(source);
      if (quick !== undefined) expect(quick).toEqual(readableTree(parseMarkdown(source)));
    }),
    { numRuns: 2000 },
  );
});

test('the prose of an update needs no parser', () => {
  const source = 'Errors fell to **2%** (see `GET /v2`, or [help](https://a.example)).\n\n- One\n- *Two*';
  expect(quickTree(source)).toEqual(readableTree(parseMarkdown(source)));
  expect(quickTree(source)).toBeDefined();
});

test.each([
  '# a',
  '1. a',
  'a  \nb',
  'a_b',
  '<b>',
  'a &amp; b',
  '- a\n\n- b',
  'https://a.example',
  '[a](/b)',
  '```\na\n```',
])('what could be read in two ways is left to the parser: %j', (source) => {
  expect(quickTree(source)).toBeUndefined();
});
