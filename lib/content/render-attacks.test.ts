import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parseFragment } from 'parse5';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { allowedProtocols, allowedTags, forcedRel } from '../policy/constants.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { readableHtml } from './readable-tree.ts';
import { renderMarkdown } from './render-markdown.ts';
import { safeHtml } from './safe-html.ts';

const rules = compileRedactionRules({ names: [], hosts: [], patterns: [] });

/** What a browser would see in HTML that the policy does not allow. */
function breaches(html: string): string[] {
  const found: string[] = [];
  const open: DefaultTreeAdapterTypes.Node[] = [parseFragment(html)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (defaultTreeAdapter.isElementNode(node)) found.push(...elementBreaches(node));
    else if (!defaultTreeAdapter.isTextNode(node) && node.nodeName !== '#document-fragment') found.push(node.nodeName);
    if ('childNodes' in node) open.push(...node.childNodes);
  }
  return found;
}

function elementBreaches({ tagName, attrs }: DefaultTreeAdapterTypes.Element): string[] {
  const isAllowed = (allowedTags as readonly string[]).includes(tagName);
  const names = attrs.map(({ name }) => name).join(' ');
  const href = attrs[0]?.value ?? '';
  const isLink = tagName === 'a' && names === 'href rel' && attrs[1]?.value === forcedRel && isSafe(href);
  return isAllowed && (isLink || (tagName !== 'a' && names === '')) ? [] : [`${tagName} ${names} ${href}`];
}

function isSafe(href: string): boolean {
  const { protocol } = new URL(href);
  return allowedProtocols.some((name) => `${name}:` === protocol) && !/[\s\p{Cc}]/u.test(href);
}

/** The output holds what the policy allows, and sanitizing it again changes nothing. */
function expectSafe(source: string): void {
  const { html } = renderMarkdown(source, rules);
  expect({ source, breaches: breaches(html) }).toEqual({ source, breaches: [] });
  expect({ source, html: safeHtml(readableHtml(html)) }).toEqual({ source, html });
}

const pieces = [
  ...[
    '<',
    '>',
    '</',
    '"',
    "'",
    '`',
    '\\',
    '&',
    '&lt;',
    '&#x3c;',
    '[',
    '](',
    ')',
    '!',
    '\n',
    '\n\n',
    '    ',
    '- ',
    '> ',
    '1. ',
    '*',
    '**',
    '|',
    '~~~\n',
  ],
  ...[
    '<a href="',
    '<a href=https://a.example>',
    '</a>',
    '<p>',
    '</p>',
    '<ul>',
    '<li>',
    '</li>',
    '</ul>',
    '<pre>',
    '</pre>',
    '<code>',
    '</code>',
  ],
  ...[
    '<br>',
    '<em>',
    '</em>',
    '<strong>',
    '<div>',
    '</div>',
    '<script>',
    '</script>',
    '<style>',
    '<svg>',
    '</svg>',
    '<math>',
    '<table>',
    '<td>',
    '<!--',
    '-->',
  ],
  ...[
    'javascript:alert(1)',
    'https://a.example/',
    'data:text/html,',
    ' onerror=x ',
    'text',
    ' ',
    '\t',
    '\u0000',
    '\u00a0',
    '\r',
    '[a]: https://b.example "',
    '|-|-|\n',
  ],
];

test('whatever is written, only the tags and attributes of the policy remain', () => {
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((found) => found.join(''));
  fc.assert(fc.property(texts, expectSafe), { numRuns: 2000 });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), expectSafe), { numRuns: 500 });
});

const corpora = process.env['CANDOR_CORPORA'];

test.skipIf(corpora === undefined)('known attacks leave nothing (CANDOR_CORPORA names the corpora)', () => {
  const folder = join(corpora ?? '', 'xss');
  const Rows = z.array(z.looseObject({ payload: z.string() }));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const rows = Rows.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    expect(rows.length).toBeGreaterThan(0);
    for (const { payload } of rows) expectSafe(payload);
  }
});
