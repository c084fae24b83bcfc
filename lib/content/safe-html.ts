import type { List, ListItem, Nodes, Root } from 'mdast';
import { type allowedTags, forcedRel } from '../policy/constants.ts';
import { safeUrl } from './safe-url.ts';

/**
 * A tree as HTML that holds the policy's tags and attributes alone, whatever the tree: every tag is written here from
 * the list of the policy, every text and address is escaped, and a node without a tag of its own is its content.
 */
export function safeHtml(tree: Root): string {
  return blocks(tree.children);
}

type Tag = (typeof allowedTags)[number];

const element = (tag: Tag, content: string) => `<${tag}>${content}</${tag}>`;

/** An element that only says how its content is said: nothing without content. */
const spoken = (tag: Tag, content: string) => (content === '' ? '' : element(tag, content));

function blocks(nodes: readonly Nodes[]): string {
  return nodes.map(html).join('\n');
}

function inlines(nodes: readonly Nodes[]): string {
  let result = '';
  for (const node of nodes) result += html(node);
  return result;
}

function html(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return escapeText(node.value);
    case 'paragraph':
      return element('p', inlines(node.children));
    case 'emphasis':
      return spoken('em', inlines(node.children));
    case 'strong':
      return spoken('strong', inlines(node.children));
    case 'inlineCode':
      return spoken('code', escapeText(node.value));
    case 'code':
      return element('pre', element('code', `${escapeText(node.value)}\n`));
    case 'break':
      return '<br>\n';
    case 'link':
      return link(node.url, inlines(node.children));
    case 'list':
      return list(node);
    default:
      return 'children' in node ? inlines(node.children) : '';
  }
}

function link(url: string, content: string): string {
  const address = safeUrl(url);
  return address === undefined || content === ''
    ? content
    : `<a href="${escapeText(address)}" rel="${forcedRel}">${content}</a>`;
}

function list(node: List): string {
  const isLoose = isLooseList(node);
  const items = node.children.map((child) => element('li', isLoose ? looseItem(child) : tightItem(child)));
  return element(node.ordered === true ? 'ol' : 'ul', `\n${items.join('\n')}\n`);
}

/** Whether the paragraphs of a list stand apart: it was written so, or an item has several. */
function isLooseList(node: List): boolean {
  return node.spread === true || node.children.some((item) => item.children.filter(isParagraph).length > 1);
}

const isParagraph = (node: Nodes) => node.type === 'paragraph';

function looseItem(item: ListItem): string {
  return item.children.length === 0 ? '' : `\n${blocks(item.children)}\n`;
}

function tightItem(item: ListItem): string {
  let result = '';
  item.children.forEach((child, index) => {
    const isText = child.type === 'paragraph';
    const isLast = index === item.children.length - 1;
    if (!isText && (index === 0 || item.children[index - 1]?.type === 'paragraph')) result += '\n';
    result += isText ? inlines(child.children) : `${html(child)}\n`;
    if (isText && !isLast && item.children[index + 1]?.type === 'paragraph') result += '\n';
  });
  return result;
}

function escapeText(text: string): string {
  return needsEscape.test(text) ? text.replace(/[&<>"\u00a0]/g, (character) => entities[character] ?? '') : text;
}

const needsEscape = /[&<>"\u00a0]/;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
};
