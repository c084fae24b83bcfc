import { decodeNamedCharacterReference } from 'decode-named-character-reference';
import { numericReference } from '../redaction/html-text.ts';
import type { Words } from './words.ts';

/** The words of a page as a browser shows or tells them: one text for each block, and one for each attribute that is read. */
export function wordsOfHtml(html: string): Words {
  const texts: string[] = [];
  const addresses: string[] = [];
  const block = openBlock(texts);
  const tokens = new RegExp(token);
  for (let match = tokens.exec(html); match !== null; match = tokens.exec(html)) {
    const { 0: text, 1: comment, 2: name, 3: attributes } = match;
    if (name === undefined && comment === undefined) {
      block.add(text);
      continue;
    }
    const element = name?.toLowerCase() ?? '';
    if (comment !== undefined || phrasing.has(element)) block.part();
    else if (!inline.has(element)) block.end();
    if (comment !== undefined) texts.push(decoded(comment));
    if (attributes !== undefined) readAttributes(attributes, { texts, addresses });
    if (text.startsWith('</') || !raw.has(element)) continue;
    const end = endOfRaw(html, tokens.lastIndex, element);
    if (/json/i.test(attributes ?? '')) texts.push(html.slice(tokens.lastIndex, end));
    tokens.lastIndex = end;
  }
  block.end();
  return { texts, addresses };
}

/**
 * The text of a block. Where it has parts that may stand side by side, or within a word, it is told both ways: in parts,
 * and in one.
 */
function openBlock(texts: string[]) {
  let whole = '';
  let partBegin = 0;
  let parts = 0;
  const part = () => {
    const text = whole.slice(partBegin);
    partBegin = whole.length;
    if (text.trim() === '') return;
    parts += 1;
    texts.push(decoded(text));
  };
  const end = () => {
    part();
    if (parts > 1) texts.push(decoded(whole));
    whole = '';
    partBegin = 0;
    parts = 0;
  };
  const add = (text: string) => {
    whole += text;
  };
  return { add, part, end };
}

/** A comment or declaration, a tag with its attributes, or text. */
const token = /<(?:!(?:--)?([^>]*)|\/?([A-Za-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*))>|[^<]+|</g;

/** Elements within which a word goes on: those that a person's text may hold. */
const inline: ReadonlySet<string> = new Set(['a', 'strong', 'em', 'code']);
/** Elements that stand within a line: a word may go on through them, or end with them. */
const phrasing: ReadonlySet<string> = new Set(
  'abbr acronym b bdi bdo big cite data del dfn font i ins kbd mark nobr q s samp small span strike sub sup time tt u var wbr'.split(
    ' ',
  ),
);
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
  'class id name rel type lang charset http-equiv style d viewbox width height preserveaspectratio role tabindex datetime for aria-labelledby aria-hidden aria-live aria-current hidden data-about data-due data-source'.split(
    ' ',
  ),
);

/** Attributes whose value is an address. */
const addressed: ReadonlySet<string> = new Set(['href', 'src', 'action']);

function readAttributes(attributes: string, { texts, addresses }: { texts: string[]; addresses: string[] }): void {
  if (!attributes.includes('=')) return;
  for (const [, written = '', double, single, bare] of attributes.matchAll(attribute)) {
    const name = written.toLowerCase();
    const value = silent.has(name) ? '' : decoded(double ?? single ?? bare ?? '');
    if (value !== '') (addressed.has(name) ? addresses : texts).push(value);
  }
}

const attribute = /([^\s=/"'>]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(x?[0-9A-Fa-f]{1,8})|([A-Za-z][A-Za-z0-9]{1,31}));?/g, (written, digits, name) => {
    if (digits !== undefined) return numericReference(String(digits)) ?? written;
    return decodeNamedCharacterReference(String(name)) || written;
  });
}
