import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { expect, test } from 'vitest';
import { renderMarkdown } from '../content/render-markdown.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { githubStyle, textStyle } from './review-style.ts';

const rules = compileRedactionRules({ supportEmail: undefined, names: [], hosts: [], patterns: [] });

function kindsOf(markdown: string): string[] {
  const tree = fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  return tree.children.map(({ type }) => type);
}

const hostile =
  '# x\n\n| a | b |\n| - | - |\n\n```\n</pre></blockquote>\n\n![](https://x.example)\n```\n\n- @team\n\n    code\n\n<!--';

test('an update stays one block in a summary, whatever it holds', () => {
  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(hostile));
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 4 }), (parts) => {
      const rendered = renderMarkdown(parts.join('\n\n'), rules);
      expect(kindsOf(githubStyle.quote(rendered))).toEqual(['html']);
      expect(githubStyle.quote(rendered)).not.toContain('\n');
    }),
  );
});

test('lines, words and cells stay what they are', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(hostile)), (text) => {
      expect(kindsOf(githubStyle.lines(text))).toEqual(['html']);
      expect(kindsOf(`Said: ${githubStyle.words(text)}, ${githubStyle.code(text)}`)).toEqual(['paragraph']);
      const table = githubStyle.table(['a', 'b'], [[githubStyle.words(text), githubStyle.code(text)]]);
      expect(kindsOf(table)).toEqual(['table']);
    }),
  );
});

test('where a link leads stands beside it', () => {
  const rendered = renderMarkdown('See [our help](https://help.example/a) or https://help.example/b.', rules);
  expect(githubStyle.quote(rendered)).toBe(
    '<blockquote><p>See <a href="https://help.example/a" rel="noopener noreferrer">our help</a> <code>https://help.example/a</code> or <a href="https://help.example/b" rel="noopener noreferrer">https://help.example/b</a>.</p></blockquote>',
  );
});

test('a terminal is not steered', () => {
  expect(textStyle.quote({ html: '', text: 'a\u001B[2J\nb' })).toBe('  > a<U+001B>[2J\n  > b');
});
