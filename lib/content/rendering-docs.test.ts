import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allowedTags } from '../policy/constants.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { markdownLimits } from './markdown-limits.ts';
import { renderMarkdown } from './render-markdown.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'rendering.md'), 'utf8');
const rules = compileRedactionRules({ names: [], hosts: [], patterns: [] });
const plain = (cell: string | undefined) => (cell ?? '').replaceAll('\\|', '|').replaceAll('⏎', '\n');
const rows = Array.from(page.matchAll(/^\| `(.+)` \| `(.+)` \|$/gm), ([, source, html]) => [
  plain(source),
  plain(html),
]);

test('every example of the documentation is rendered as it says', () => {
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.map(([source = '']) => [source, renderMarkdown(source, rules).html])).toEqual(rows);
});

test('the documentation names the tags and the limits', () => {
  for (const tag of allowedTags) expect(page).toContain(`\`${tag}\``);
  for (const limit of Object.values(markdownLimits)) expect(page).toContain(`${limit.toLocaleString('en')}`);
});
