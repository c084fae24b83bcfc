import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapped } from './wrapped-text.ts';

test.each([
  ['what fits stays as it is', 'a  b\n\n c', 'a  b\n\n c'],
  ['long lines break at blanks', `${'word '.repeat(20)}end`, `${'word '.repeat(13)}word\n${'word '.repeat(6)}end`],
  ['an item goes on below its words', `- ${'word '.repeat(15)}end`, `- ${'word '.repeat(13)}word\n  word end`],
  ['so does a numbered one', `12. ${'word '.repeat(15)}end`, `12. ${'word '.repeat(12)}word\n    word word end`],
  [
    'an address is never broken',
    `See (https://example.com/${'x'.repeat(80)}).`,
    `See\n(https://example.com/${'x'.repeat(80)}).`,
  ],
])('%s', (_rule, text, expected) => {
  expect(wrapped(text)).toBe(expected);
});

test('nothing but blanks changes, and only a word without blanks is longer than a line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '1', '.', '\n', 'ü'), maxLength: 400 }),
      (text) => {
        const result = wrapped(text);
        expect(result.replaceAll(/\s+/g, '')).toBe(text.replaceAll(/\s+/g, ''));
        for (const line of result.split('\n'))
          if (line.length > 72) expect(line.trimStart()).not.toMatch(/^\S+ +\S+ +\S/);
      },
    ),
  );
});
