import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Root } from 'hast';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import { unified } from 'unified';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { allowedProtocols, allowedTags, forcedRel } from '../policy/constants.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { renderMarkdown } from './render-markdown.ts';

declare module 'hast' {
  /** What rehype-raw reads: HTML as text. */
  interface RootContentMap {
    readonly raw: { readonly type: 'raw'; readonly value: string };
  }
}

const rules = compileRedactionRules({ names: [], hosts: [], patterns: [] });
const read = unified().use(rehypeRaw).freeze();
const sanitize = unified()
  .use(rehypeSanitize, {
    tagNames: [...allowedTags],
    attributes: { a: ['href', ['rel', ...forcedRel.split(' ')]] },
    protocols: { href: [...allowedProtocols] },
    required: { a: { rel: forcedRel.split(' ') } },
  })
  .freeze();

/** HTML as a browser would read it. */
function treeOf(html: string): Root {
  return read.runSync({ type: 'root', children: [{ type: 'raw', value: html }] });
}

/** A sanitizer that others wrote finds nothing to take out of what was rendered. */
function expectNothingTakenOut(source: string): void {
  const { html } = renderMarkdown(source, rules);
  expect({ source, tree: sanitize.runSync(treeOf(html)) }).toEqual({ source, tree: treeOf(html) });
}

test('the judge takes out what the policy does not allow', () => {
  const [paragraph] = sanitize.runSync(
    treeOf('<p onclick="x()"><b>a</b><a href="data:x">b</a><script>c</script></p>'),
  ).children;
  expect(paragraph).toMatchObject({
    tagName: 'p',
    properties: {},
    children: [{ value: 'a' }, { tagName: 'a', properties: { rel: ['noopener', 'noreferrer'] } }],
  });
});

test.each([
  ['every tag', 'a **b** *c* `d`\\\ne\n\n- f\n\n1. g\n\n```\nh\n```\n\n[i](https://example.com/?a=1&b="2")'],
  ['tags that are refused', '<script>alert(1)</script> <img src=x onerror=alert(1)> <p onclick=x>a</p>'],
  ['addresses that are refused', '[a](javascript:alert(1)) [b](//example.com) [c](data:text/html,x) [d](/e)'],
  ['tags that are never closed', '<b><a href="https://example.com" title="<p'],
])('%s: a known sanitizer changes nothing', (_what, source) => expectNothingTakenOut(source));

test('a known sanitizer changes nothing, whatever the text', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '"',
    '&#x3c;',
    '[',
    '](',
    ')',
    '`',
    '**',
    '\n\n',
    '- ',
    '<a href="',
    'javascript:',
    'a',
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => expectNothingTakenOut(pieces.join(''))));
});

const corpora = process.env['CANDOR_CORPORA'];
test.skipIf(corpora === undefined)('a known sanitizer changes nothing of any known attack (CANDOR_CORPORA)', () => {
  const folder = join(corpora ?? '.', 'xss');
  const rows = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const payloads = z.array(z.object({ payload: z.string() })).parse(rows);
  expect(payloads.length).toBeGreaterThan(0);
  for (const { payload } of payloads) expectNothingTakenOut(payload);
});
