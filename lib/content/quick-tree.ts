import type { List, Paragraph, PhrasingContent, Root, RootContent } from 'mdast';
import { redactionMarker } from '../policy/constants.ts';
import { safeUrl } from './safe-url.ts';

/**
 * The readable tree of Markdown that is simple enough to be read without a parser: paragraphs and lists of plain words,
 * with emphasis, code and links that cannot be read in two ways. `undefined` for all else; where there is a tree, it is
 * the one that the parser would give.
 */
export function quickTree(source: string): Root | undefined {
  if (source.length > mostCharacters) return undefined;
  const children: RootContent[] = [];
  for (const block of source.split('\n\n')) {
    const node = block.startsWith('- ') ? quickList(block, children.at(-1)) : quickParagraph(block);
    if (node === undefined) return undefined;
    children.push(node);
  }
  return { type: 'root', children };
}

/** Too few to go beyond the limits of Markdown, a tested law says. */
const mostCharacters = 1500;

/** Items of one line each; next to another list it would be one with it. */
function quickList(block: string, before: RootContent | undefined): List | undefined {
  if (before?.type === 'list') return undefined;
  const list: List = { type: 'list', ordered: false, spread: false, children: [] };
  for (const line of block.split('\n')) {
    const paragraph = line.startsWith('- ') ? quickParagraph(line.slice(2)) : undefined;
    if (paragraph === undefined) return undefined;
    list.children.push({ type: 'listItem', spread: false, children: [paragraph] });
  }
  return list;
}

function quickParagraph(text: string): Paragraph | undefined {
  if (!simpleLines.test(text)) return undefined;
  if (!special.test(text)) return { type: 'paragraph', children: [{ type: 'text', value: text }] };
  const children: PhrasingContent[] = [];
  inlinePart.lastIndex = 0;
  while (inlinePart.lastIndex < text.length) {
    const groups = inlinePart.exec(text)?.groups;
    const node = groups === undefined ? undefined : inlineNode(groups);
    if (node === undefined) return undefined;
    children.push(node);
  }
  return { type: 'paragraph', children };
}

function inlineNode({ words, code, label, url, strong, emphasis }: Parts): PhrasingContent | undefined {
  if (words !== undefined) return { type: 'text', value: words };
  if (code !== undefined) return { type: 'inlineCode', value: code };
  if (strong !== undefined) return { type: 'strong', children: [{ type: 'text', value: strong }] };
  if (emphasis !== undefined) return { type: 'emphasis', children: [{ type: 'text', value: emphasis }] };
  const address = safeUrl(url ?? '');
  if (address === undefined || label === undefined || `[${label}]` === redactionMarker) return undefined;
  return { type: 'link', url: address, children: [{ type: 'text', value: label }] };
}

type Parts = Readonly<Partial<Record<string, string>>>;

/** Lines that begin with a letter or with emphasis, code or a link, and end with anything but a space. */
const simpleLines = /^(?:(?:[A-Za-z]|\*{1,2}[A-Za-z0-9]|`(?!`)|\[)(?:[^\n]*[^\s\\])?(?:\n(?!$)|$))+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const special = /[*`[\]_\\&<\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]|:\/\//;

/**
 * One part after another: words; code without a space at its ends; a link with simple text and address; emphasis that
 * begins after a space or a bracket and ends before a space or a sign, so that it opens and closes in one way only.
 */
const inlinePart = new RegExp(
  [
    String.raw`(?<words>(?:[^*\x60[\]_\\&<!:\p{Cc}\p{Cs}\ufffe\uffff]|\n|:(?!\/\/)|!(?!\[))+)`,
    String.raw`\x60(?<code>[^\s\x60\p{Cc}\p{Cs}\ufffe\uffff](?:[^\x60\p{Cc}\p{Cs}\ufffe\uffff]*[^\s\x60\p{Cc}\p{Cs}\ufffe\uffff])?)\x60(?!\x60)`,
    String.raw`\[(?<label>[A-Za-z0-9](?:[A-Za-z0-9 .,'\-]*[A-Za-z0-9])?)\]\((?<url>https?:\/\/[A-Za-z0-9.\/?=#\-]+)\)`,
    String.raw`(?<=^|[\s\(])\*\*(?<strong>{said})\*\*(?=$|[\s.,;:!?\)])`,
    String.raw`(?<=^|[\s\(])\*(?<emphasis>{said})\*(?=$|[\s.,;:!?\)])`,
  ]
    .join('|')
    .replaceAll('{said}', String.raw`[A-Za-z0-9](?:[A-Za-z0-9 .,%\-]*[A-Za-z0-9%])?`),
  'uy',
);
