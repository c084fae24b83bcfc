import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outlineOf } from './headings.ts';
import { parseMarkdown } from './parse-markdown.ts';

test('headings of the first two levels divide a body', () => {
  expect(outlineOf(['## one', '', 'text', '# two', '### three'])).toEqual({
    headings: [
      { level: 2, line: 0, column: 1, endLine: 1, plain: true },
      { level: 1, line: 3, column: 1, endLine: 4, plain: true },
    ],
    openFence: undefined,
  });
});

test('an indented heading and an underlined one are headings that are not plain', () => {
  expect(outlineOf(['  ## one', 'two', '---']).headings).toEqual([
    { level: 2, line: 0, column: 3, endLine: 1, plain: false },
    { level: 2, line: 1, column: 1, endLine: 3, plain: false },
  ]);
});

test.each([
  ['at the start of a line', ['a', '', '```', '## b'], { line: 2, column: 1 }],
  ['of tildes, closed by too few', ['~~~~', 'x', '~~~'], { line: 0, column: 1 }],
  ['indented', ['a', '', '  ```', 'x'], { line: 2, column: 3 }],
])('a fence %s that nothing closes is found', (_what, lines, place) => {
  expect(outlineOf(lines).openFence).toEqual(place);
});

test('a fence that is closed is no open fence', () => {
  expect(outlineOf(['```js', 'x', '````']).openFence).toBeUndefined();
});

test('lines are divided just as the parser divides them', () => {
  const line = fc.constantFrom(
    ...[
      '',
      '## a',
      '# b',
      '### c',
      '  ## d',
      '    ## e',
      '```',
      '```js',
      '~~~',
      ' ```',
      '- ```',
      '  ```',
      '> ## f',
      '- ## g',
      '- h',
    ],
    ...[
      'text',
      '---',
      '===',
      '***',
      '<div>',
      '</div>',
      '<!--',
      '-->',
      '<b>x',
      '1. i',
      '   ## j',
      '\t## k',
      '##',
      '##l',
      '`` ` ``',
      '    code',
      '| a |',
      '| - |',
      '[a]: /b "c',
      '<https://a.example>',
    ],
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const expected = parseMarkdown(lines.join('\n')).children.flatMap((node) =>
        node.type === 'heading' && node.depth < 3
          ? [{ level: node.depth, line: (node.position?.start.line ?? 0) - 1 }]
          : [],
      );
      expect(outlineOf(lines).headings.map(({ level, line: at }) => ({ level, line: at }))).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});
