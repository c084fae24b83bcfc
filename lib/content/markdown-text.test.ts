import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as words } from 'mdast-util-to-string';
import { expect, test } from 'vitest';
import { plainMarkdown } from './markdown-text.ts';
import { visible } from './report.ts';

test.each([
  ['plain words stay', 'Card payments fail, for some.', 'Card payments fail, for some&#46;'],
  ['a link is none', '[a](https://x.example)', '&#91;a&#93;&#40;https&#58;&#47;&#47;x&#46;example&#41;'],
  ['nobody is called', '@team', '&#64;team'],
  ['lines stay one', 'a\n# b', 'a&#60;U&#43;000A&#62;&#35; b'],
])('%s', (_what, text, expected) => expect(plainMarkdown(text)).toBe(expected));

test('a reader of Markdown sees one paragraph of the text and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(text.trim() !== '');
      const tree = fromMarkdown(plainMarkdown(text));
      expect(tree.children.map(({ type }) => type)).toEqual(['paragraph']);
      expect(words(tree)).toBe(visible(text).replace(/^ +| +$/g, ''));
    }),
  );
});
