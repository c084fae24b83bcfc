import { decodeNamedCharacterReference } from 'decode-named-character-reference';
import { numericReference } from '../redaction/html-text.ts';

/** The words of a page as a browser shows or tells them: one text for each block, and one for each attribute that is read. */
export function wordsOfHtml(html: string): string[] {
  const words: string[] = [];
  let block = '';
  const endBlock = () => {
    if (block.trim() !== '') words.push(decoded(block));
    block = '';
  };
  const tokens = new RegExp(token);
  for (let match = tokens.exec(html); match !== null; match = tokens.exec(html)) {
    const { 0: text, 1: comment, 2: name, 3: attributes } = match;
    if (name === undefined && comment === undefined) {
      block += text;
      continue;
    }
    const element = name?.toLowerCase() ?? '';
    if (!inline.has(element)) endBlock();
    if (comment !== undefined) words.push(decoded(comment));
    if (attributes !== undefined) words.push(...attributeWords(attributes));
    if (text.startsWith('</') || !raw.has(element)) continue;
    const end = endOfRaw(html, tokens.lastIndex, element);
    if (/json/i.test(attributes ?? '')) words.push(html.slice(tokens.lastIndex, end));
    tokens.lastIndex = end;
  }
  endBlock();
  return words;
}

/** A comment or declaration, a tag with its attributes, or text. */
const token = /<(?:!(?:--)?([^>]*)|\/?([A-Za-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*))>|[^<]+|</g;

/** Elements within which a word goes on: those that a person's text may hold. */
const inline: ReadonlySet<string> = new Set(['a', 'strong', 'em', 'code']);
/** Elements that hold programs and not words. */
const raw: ReadonlySet<string> = new Set(['script', 'style']);

function endOfRaw(html: string, from: number, element: string): number {
  const end = new RegExp(`</${element}`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

/**
 * Attributes that hold no person's words: our own markup, drawings, names of files of the page, and instants. Everything
 * else is read.
 */
const silent: ReadonlySet<string> = new Set(
  'class id name rel type lang charset http-equiv src style d viewbox width height preserveaspectratio role tabindex datetime for aria-labelledby aria-hidden aria-live aria-current hidden data-about data-due data-source'.split(
    ' ',
  ),
);

function attributeWords(attributes: string): string[] {
  if (!attributes.includes('=')) return [];
  return Array.from(attributes.matchAll(attribute), ([, name = '', double, single, bare]) => {
    return silent.has(name.toLowerCase()) ? '' : decoded(double ?? single ?? bare ?? '');
  }).filter((value) => value !== '');
}

const attribute = /([^\s=/"'>]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(x?[0-9A-Fa-f]{1,8})|([A-Za-z][A-Za-z0-9]{1,31}));?/g, (written, digits, name) => {
    if (digits !== undefined) return numericReference(String(digits)) ?? written;
    return decodeNamedCharacterReference(String(name)) || written;
  });
}
