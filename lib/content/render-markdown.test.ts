import { expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import { renderMarkdown } from './render-markdown.ts';

const rules = compileRedactionRules({
  supportEmail: 'support@example.com',
  names: ['Jane Doe'],
  hosts: [],
  patterns: [],
});
const html = (source: string) => renderMarkdown(source, rules).html;
const text = (source: string) => renderMarkdown(source, rules).text;
const link = (url: string, said = url) => `<a href="${url}" rel="noopener noreferrer">${said}</a>`;

test.each([
  ['paragraphs', 'One\nline.\n\nTwo.', '<p>One\nline.</p>\n<p>Two.</p>'],
  ['emphasis and code', '*a* **b** `c < d`', '<p><em>a</em> <strong>b</strong> <code>c &lt; d</code></p>'],
  ['a hard line break', 'a  \nb\\\nc', '<p>a<br>\nb<br>\nc</p>'],
  ['a block of code', '```js\na < b\n```', '<pre><code>a &lt; b\n</code></pre>'],
  ['a tight list', '- a\n- b\n  1. c', '<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>'],
  ['a loose list', '1. a\n\n2. b', '<ol>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ol>'],
  ['a link, without its title', '[a](https://a.example/?b&c "t")', `<p>${link('https://a.example/?b&amp;c', 'a')}</p>`],
  ['a reference', '[a][b]\n\n[b]: https://a.example', `<p>${link('https://a.example', 'a')}</p>`],
  ['a bare address', 'See https://a.example/b_c_d.', `<p>See ${link('https://a.example/b_c_d')}.</p>`],
  [
    'a mail address in angle brackets',
    '<support@example.com>',
    `<p>${link('mailto:support@example.com', 'support@example.com')}</p>`,
  ],
])('%s is shown in the tags of the policy', (_, source, expected) => {
  expect(html(source)).toBe(expected);
});

test.each([
  ['a heading', '# Now\ntext', '<p>Now</p>\n<p>text</p>'],
  ['a quote', '> a\n>\n> b', '<p>a</p>\n<p>b</p>'],
  ['a rule', 'a\n\n---\n\nb', '<p>a</p>\n<p>b</p>'],
  ['an image', 'a ![the graph](https://a.example/g.png) b', '<p>a the graph b</p>'],
  [
    'a table',
    '| Region | Errors |\n|--|--|\n| Europe | **3%** |',
    '<ul>\n<li>Region: Europe; Errors: <strong>3%</strong></li>\n</ul>',
  ],
  ['blocks of HTML', '<div>a<div>b</div></div>\n<h2>c</h2>', '<p>a</p>\n<p>b</p>\n<p>c</p>'],
  ['HTML that is not allowed', 'a <b onclick="x()">b</b> <del>c</del>', '<p>a b c</p>'],
  ['HTML that is allowed', 'a <em class="x">b</em><br>\nc', '<p>a <em>b</em><br>\nc</p>'],
  ['lists of HTML', '<ul><li>a<li>b</ul>', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
  ['preformatted HTML', '<pre>\na <i>b</i>\n c</pre>', '<pre><code>a b\n c\n</code></pre>'],
  ['a table of HTML', '<table><tr><td>a<td>b<tr><td>c</table>', '<p>a b</p>\n<p>c</p>'],
  ['an image of HTML', '<img alt="the graph" src=x onerror=y>', '<p>the graph</p>'],
  ['a tag that never ends', '<div class="a', '<p>&lt;div class=&quot;a</p>'],
  ['HTML left open', '<em>a\n\nb', '<p><em>a</em></p>\n<p>b</p>'],
])('%s becomes what the policy can show, and keeps its text', (_, source, expected) => {
  expect(html(source)).toBe(expected);
});

test.each([
  ['a script within a line', 'a<script>alert(1)</script> b', '<p>a b</p>'],
  ['a block of script', '<script>\nif (a < b) "</div>"\n</script>\n\nb', '<p>b</p>'],
  ['a script that never ends, in its block alone', 'a <script>x\n\nb', '<p>a</p>\n<p>b</p>'],
  ['a style', '<style>p { color: red }</style>b', '<p>b</p>'],
  ['nested drawings', '<svg><svg><p>a</p></svg>c</svg>b', '<p>b</p>'],
  ['a comment', 'a <!-- note --> b', '<p>a  b</p>'],
])('%s says nothing', (_, source, expected) => {
  expect(html(source)).toBe(expected);
});

test.each([
  '[a](/b)',
  '[a](b.html)',
  '[a](//evil.example)',
  '[a](https:evil)',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#x09;script:alert(1))',
  '[a](&#1;javascript:alert(1))',
  '[a](data:text/html,x)',
  '[a](vbscript:x)',
  '[a](ftp://x.example)',
  '<a href=" javascript:x">a</a>',
  '<a href="java\tscript:x">a</a>',
  '<a>a</a>',
])('the link %j is refused and keeps its text', (source) => {
  expect(html(source)).toBe('<p>a</p>');
});

test('links do not stand in links', () => {
  expect(html('[a <a href="https://b.example">b</a> c](https://a.example)')).toBe(
    `<p>${link('https://a.example', 'a b c')}</p>`,
  );
});

test('what a reader would read is redacted, however it was written', () => {
  const disguises = [
    '10.0.**0**.1',
    '10&#46;0.0.1',
    '10.0.<!-- -->0.1',
    '10.0.<b>0</b>.1',
    '<div>10&#46;0.0.1</div>',
    '![10.0.0.1](x)',
  ];
  for (const source of disguises) expect([source, html(source)]).toEqual([source, '<p>[redacted]</p>']);
});

test('code whose words were redacted with those before it leaves nothing', () => {
  expect(html('Ask Jane <code>Doe</code> now')).toBe('<p>Ask [redacted] now</p>');
});

test('a link to what must not be published is its text', () => {
  expect(html('[a](http://167772161/)')).toBe('<p>a [redacted]</p>');
});

test.each(['[redacted]: https://evil.example\n\n[redacted]', '[redacted](https://evil.example)'])(
  'the marker is never a link: %j',
  (source) => {
    expect(html(source)).toBe('<p>[redacted]</p>');
  },
);

test('findings say where the Markdown held them', () => {
  expect(renderMarkdown('a\n\nsee **10.0.0.1**', rules).findings).toEqual([{ kind: 'ipv4', line: 3, column: 7 }]);
  expect(renderMarkdown('nothing here', rules).findings).toEqual([]);
});

test('the text for mail is readable without HTML', () => {
  expect(
    text(
      '# Now\n\nSee [the guide](https://a.example) or https://b.example.\n\n- a\n- b\n  1. c\n\n```\nd\n  e\n```\n\n<support@example.com>',
    ),
  ).toBe(
    'Now\n\nSee the guide (https://a.example) or https://b.example.\n\n- a\n- b\n  1. c\n\nd\n  e\n\nsupport@example.com',
  );
});

test('a text beyond the limits is shown as it was typed', () => {
  const deep = `${'> '.repeat(200)}*a* <b>\n10.0.0.1`;
  expect(html(deep)).toBe(`<p>${'&gt; '.repeat(200)}*a* &lt;b&gt;\n[redacted]</p>`);
});
