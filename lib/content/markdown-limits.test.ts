import { describe, expect, test } from 'vitest';
import { exceedsMarkdownLimits, markdownLimits } from './markdown-limits.ts';
import { parseMarkdown } from './parse-markdown.ts';

const { characters, lines, nesting, underlines, signsPerParagraph, backticks } = markdownLimits;

test.each([
  ['characters', (count: number) => 'a'.repeat(count), characters],
  ['lines', (count: number) => 'a\n'.repeat(count), lines],
  ['nested quotes', (count: number) => '> '.repeat(count), nesting],
  ['nested quotes without spaces', (count: number) => '>'.repeat(count), nesting],
  ['nested lists', (count: number) => '1. '.repeat(count), nesting],
  ['nested lists by indent', (count: number) => `${'- '.repeat(count - 1)}a\n\n${'  '.repeat(count - 1)}- b`, nesting],
  ['underlined headings', (count: number) => 'a\n===\n\n'.repeat(count), underlines],
  ['emphasis', (count: number) => 'a *'.repeat(count), signsPerParagraph],
  ['emphasis over lines', (count: number) => 'a _\n'.repeat(count), signsPerParagraph],
  ['long runs of stars', (count: number) => `a${'*'.repeat(2 * count)}`, signsPerParagraph],
  ['brackets', (count: number) => '['.repeat(count), signsPerParagraph],
  ['comments', (count: number) => 'a <!-- '.repeat(count), signsPerParagraph],
  ['declarations', (count: number) => '<?'.repeat(count), signsPerParagraph],
  ['long runs of backticks', (count: number) => `a ${'`'.repeat(count)}`, backticks],
])('%s have a limit', (_, make, limit) => {
  expect([exceedsMarkdownLimits(make(limit)), exceedsMarkdownLimits(make(limit + 1))]).toEqual([false, true]);
});

describe('signs count together', () => {
  const most = 'a *'.repeat(signsPerParagraph);

  test.each([
    ['in one paragraph', `${most}\nb *`, true],
    ['and in one that only looks like an item', `${most}\n    - b *`, true],
    ['whatever the ends of lines are', `${'a *\r\n'.repeat(signsPerParagraph)}b *`, true],
    ['and in what only looks like code', `<!--\n~~~\n-->\n\n${most}\nb *`, true],
    ['and where code in a list has ended', `- ~~~\n\n${most}\nb *`, true],
    ['and after code', `~~~\n[\n~~~\n${most}\nb *`, true],
    ['but not in code', `~~~\n${most}\nb *`, false],
    ['but not after a blank line', `${most}\n\nb *`, false],
    ['nor in the next item', `${most}\n- b *`, false],
    ['and underscores within words are none', 'a_b_'.repeat(signsPerParagraph), false],
    ['nor is what stands for itself', 'a < b ! '.repeat(signsPerParagraph), false],
  ])('%s', (_, source, exceeds) => expect(exceedsMarkdownLimits(source)).toBe(exceeds));

  test('and paragraph after paragraph', () => {
    const paragraphs = (count: number) => `${'a *'.repeat(signsPerParagraph)}\n\n`.repeat(count);
    expect([exceedsMarkdownLimits(paragraphs(2)), exceedsMarkdownLimits(paragraphs(8))]).toEqual([false, true]);
  });
});

test.each([
  ['blank lines in a deep list', (count: number) => `${'- '.repeat(80)}a\n${'\n'.repeat(count)}`],
  ['lines that only continue a quote', (count: number) => `> a\n${'b\n'.repeat(count)}`],
])('%s cost more the more there are', (_, make) => {
  expect([exceedsMarkdownLimits(make(20)), exceedsMarkdownLimits(make(5000))]).toEqual([false, true]);
});

describe('containers cost in proportion to the length of the text', () => {
  const nest = Array.from({ length: 8 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join('');

  test.each([
    ['lists within lists, again and again', nest],
    ['lists within lists on each line', `${'- '.repeat(8)}a\n`],
    ['quotes that end', '> a\n\nb\n'],
  ])('%s', (_, unit) => {
    const once = unit.repeat(Math.ceil(100 / unit.length));
    const often = unit.repeat(Math.ceil(20_000 / unit.length));
    expect([exceedsMarkdownLimits(once), exceedsMarkdownLimits(often)]).toEqual([false, true]);
  });
});

/** About 100 kB, as a careful person might write it. */
function postMortem(): string {
  const words = 'The failover took longer than we had planned because the replica was behind.';
  const items = Array.from(
    { length: 200 },
    (_, at) => `- **${at}:** ${words} See [the log](https://a.example/${at}).\n`,
  );
  const steps = Array.from({ length: 200 }, (_, at) => `${at + 1}. *Step* \`run_it\`: ${words}\n     - ${words}\n`);
  const rows = Array.from({ length: 200 }, (_, at) => `| eu_west_${at} | **${at}%** | *slow* | \`err_${at}\` |\n`);
  const code = Array.from({ length: 1000 }, (_, at) => `        at ${at} [x] * y_z\n`);
  const table = ['| region | errors | speed | code |\n', '|---|---|---|---|\n', ...rows];
  const quote = `> ${words}\n`.repeat(20);
  return [items, steps, table, ['```\n', ...code, '```\n'], [quote]].map((part) => part.join('')).join('\n');
}

test('a long honest text is within all limits', () => {
  const source = postMortem();
  expect(source.length).toBeGreaterThan(90_000);
  expect(exceedsMarkdownLimits(source)).toBe(false);
  expect(parseMarkdown(source).children.map(({ type }) => type)).toEqual([
    'list',
    'list',
    'table',
    'code',
    'blockquote',
  ]);
});

test.each([
  ['nested lists', '- '.repeat(20)],
  ['nested emphasis', '*a **b '],
  ['brackets', '!['],
  ['comments', 'a <!-- '],
  ['words', 'at '],
])('a megabyte of %s is a paragraph of its source', (_, unit) => {
  const source = unit.repeat(1_000_000 / unit.length);
  expect(parseMarkdown(source).children).toMatchObject([{ type: 'paragraph', children: [{ value: source }] }]);
});
