import { expect, test } from 'vitest';
import { markdownLimits } from './markdown-limits.ts';
import { parseMarkdown } from './parse-markdown.ts';

test('nodes know their places', () => {
  expect(parseMarkdown('a\n\n| b |\n|--|').children.map(({ type, position }) => [type, position?.start])).toEqual([
    ['paragraph', { line: 1, column: 1, offset: 0 }],
    ['table', { line: 3, column: 1, offset: 3 }],
  ]);
});

test('a text beyond the limits is paragraphs of its source, with their places', () => {
  const source = `${'> '.repeat(markdownLimits.nesting + 1)}\r\n\\*b\r\n\n**c**`;
  const tree = parseMarkdown(source);
  const said = tree.children.map((node) => (node.type === 'paragraph' ? node.children : []));
  expect(said.map((texts) => texts.map((text) => ('value' in text ? text.value : '')))).toEqual([
    ['> '.repeat(markdownLimits.nesting + 1), '\n', '\\*b'],
    ['**c**'],
  ]);
  for (const text of said.flat()) {
    const slice = source.slice(text.position?.start.offset, text.position?.end.offset).replace('\r\n', '\n');
    expect(slice).toBe('value' in text ? text.value : '');
  }
});
