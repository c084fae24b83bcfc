import type { Nodes, Root } from 'mdast';
import { describe, expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { redactTree } from './redact-tree.ts';

const rules = compileRedactionRules({
  supportEmail: 'support@example.com',
  names: ['Jane Doe', 'Zoë Müller'],
  hosts: [],
  patterns: [],
});

/** A tree in a line: text as it is, everything else by its name. */
function shape(node: Nodes): string {
  const address = 'url' in node ? ` ${node.url}` : '';
  if (node.type === 'text') return node.value;
  if ('children' in node) return `${node.type}${address}(${node.children.map(shape).join('')})`;
  return `${node.type}${address}(${'value' in node ? node.value : 'alt' in node ? node.alt : ''})`;
}

function redacted(source: string): string {
  const tree: Root = parseMarkdown(source);
  redactTree(tree, rules);
  return tree.children.map(shape).join(' ');
}

describe('what must not be published goes from a tree', () => {
  test.each([
    ['10.**0**.0.1 is down', 'paragraph([redacted]strong() is down)'],
    ['see `db.internal`', 'paragraph(see inlineCode([redacted]))'],
    ['    at open (till.js:1:2)', 'code([redacted])'],
    ['[till](http://db.internal) is up', 'paragraph(till [redacted] is up)'],
    ['[](http://db.internal)', 'paragraph([redacted])'],
    ['[Jane Doe](http://db.internal)', 'paragraph([redacted])'],
    ['10.0.0.1Zoë Müller is in', 'paragraph([redacted][redacted] is in)'],
    ['[10.0.0.1](https://example.com) is up', 'paragraph([redacted] is up)'],
    ['[**10.0.0.1**](https://example.com)', 'paragraph(strong([redacted]))'],
    ['[ask 10.0.0.1](https://example.com)', 'paragraph(link https://example.com(ask [redacted]))'],
    ['[till](<https://example.com/Zoë Müller>)', 'paragraph(till [redacted])'],
    ['[till](https://example.com/Zo%C3%AB%20M%C3%BCller)', 'paragraph(till [redacted])'],
    ['[till][1]\n\n[1]: http://db.internal', 'paragraph(till [redacted])'],
    ['![till](http://db.internal/x.png)', 'paragraph([redacted])'],
    ['![10.0.0.1](https://example.com/)', 'paragraph(image https://example.com/([redacted]))'],
    ['<http://db.internal/>', 'paragraph([redacted])'],
    ['<p>10.0.<b>0</b>.1</p>', 'html(<p>[redacted]<b></b></p>)'],
    ['|Jane|\n|-|\n|Jane Doe|', 'table(tableRow(tableCell(Jane))tableRow(tableCell([redacted])))'],
    ['# Jane\\\nDoe', 'heading(Jane\\) paragraph(Doe)'],
    ['Jane\\\nDoe', 'paragraph([redacted]break())'],
  ])('%j becomes %s', (source, expected) => expect(redacted(source)).toBe(expected));
});

test('a tree that holds nothing stays as it is', () => {
  const source = 'Up at *12:30:45*, see [it](https://example.com) or support@example.com.';
  const tree = parseMarkdown(source);
  expect(redactTree(tree, rules)).toEqual([]);
  expect(tree).toEqual(parseMarkdown(source));
});

test('findings name kind and place', () => {
  expect(redactTree(parseMarkdown('Up.\n\nsee it\nat db.internal and 10.0.0.1'), rules)).toEqual([
    { kind: 'internal_host', line: 4, column: 4 },
    { kind: 'ipv4', line: 4, column: 20 },
  ]);
});
