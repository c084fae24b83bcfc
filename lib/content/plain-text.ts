import type { List, Nodes, Root } from 'mdast';

/** A readable tree for readers without HTML: paragraphs apart, `- ` before items, addresses in brackets after their text. */
export function plainText(tree: Root): string {
  return blocks(tree.children, '\n\n');
}

function blocks(nodes: readonly Nodes[], between: string): string {
  return nodes.map(text).join(between);
}

function inlines(nodes: readonly Nodes[]): string {
  let result = '';
  for (const node of nodes) result += text(node);
  return result;
}

function text(node: Nodes): string {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
    case 'code':
      return node.value;
    case 'break':
      return '\n';
    case 'link':
      return link(node.url, inlines(node.children));
    case 'list':
      return list(node);
    default:
      return 'children' in node ? inlines(node.children) : '';
  }
}

/** An address that is its own text is said once. */
function link(url: string, said: string): string {
  const address = url.replace(/^mailto:/i, '');
  return said === url || said === address ? said : `${said} (${address})`;
}

function list(node: List): string {
  const between = node.spread === true ? '\n\n' : '\n';
  const items = node.children.map((item, index) => {
    const marker = node.ordered === true ? `${index + 1}. ` : '- ';
    return marker + blocks(item.children, between).replace(/\n(?=[^\n])/g, `\n${' '.repeat(marker.length)}`);
  });
  return items.join(between);
}
