import type { PhrasingContent } from 'mdast';

/** What no reader sees and XML forbids. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
export const unprintable = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Whether a reader sees anything of it. */
export function isVisible(node: PhrasingContent): boolean {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value.trim() !== '';
  return 'children' in node && node.children.some(isVisible);
}

/** The content of a paragraph without the space around it and without elements that hold nothing. */
export function trimmed(inlines: readonly PhrasingContent[]): PhrasingContent[] {
  const children = withoutEmpty(inlines);
  const start = children.findIndex((node) => !isSpace(node));
  const end = children.findLastIndex((node) => !isSpace(node));
  const said = start < 0 ? [] : children.slice(start, end + 1);
  const first = said[0];
  if (first?.type === 'text') first.value = first.value.replace(/^[ \t\n]+/, '');
  const last = said.at(-1);
  if (last?.type === 'text') last.value = trimmedEnd(last.value);
  return said;
}

const isSpace = (node: PhrasingContent) =>
  node.type === 'break' || (node.type === 'text' && trimmedEnd(node.value) === '');

/** A pattern would try every space anew, and take quadratic time. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function withoutEmpty(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.filter((node) => {
    if ('children' in node) node.children = withoutEmpty(node.children);
    return 'children' in node ? node.children.length > 0 : !('value' in node) || node.value !== '';
  });
}
