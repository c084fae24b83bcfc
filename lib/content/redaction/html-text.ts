import { decodeNamedCharacterReference } from 'decode-named-character-reference';
import { type Piece, slicer, textOf } from './reading.ts';

/** What raw HTML shows, and what it holds without showing it: comments, declarations, the insides of tags. */
export interface HtmlText<H> {
  readonly shown: Piece<H>[];
  readonly hidden: Piece<H>[][];
}

/** Read a stretch of raw HTML as a browser would, entities undone. */
export function readHtml<H>(pieces: readonly Piece<H>[]): HtmlText<H> {
  const html = textOf(pieces);
  const slice = slicer(pieces);
  const shown: Piece<H>[] = [];
  const hidden: Piece<H>[][] = [];
  const dropping = new DroppedElements();
  for (const { start, end, isMarkup } of tokens(html)) {
    const decoded = decodeEntities(slice(start, end));
    if (!isMarkup) {
      shown.push(...(dropping.isInside ? decoded.map((piece) => ({ ...piece, isOptional: true })) : decoded));
      continue;
    }
    hidden.push(decoded);
    const tag = html.slice(start, end);
    dropping.see(tag);
    const last = decoded.at(-1);
    if (breaksLine(tag) && last !== undefined) shown.push({ ...last, text: '\n', start: last.end, isExact: false });
  }
  return { shown, hidden };
}

/** Whether a tag ends the line that a reader is reading. */
export function breaksLine(tag: string): boolean {
  return /^<\/?(?:br|p|div|li|ul|ol|dl|dt|dd|h[1-6]|hr|pre|blockquote|table|section|article|header|footer|aside|main|nav|form|fieldset|details|summary|figure|figcaption|address|center|dir|menu|listing|xmp)\b/i.test(
    tag,
  );
}

/** Follows the tags of elements whose contents a sanitizer throws away, or shows, as it likes. */
export class DroppedElements {
  #open: string | undefined;

  get isInside(): boolean {
    return this.#open !== undefined;
  }

  /** Take note of the next tag. */
  see(tag: string): void {
    const { name, slash } = /^<(?<slash>\/?)(?<name>[A-Za-z][A-Za-z0-9]*)/.exec(tag)?.groups ?? {};
    const element = name?.toLowerCase();
    if (this.#open === undefined && slash === '' && element !== undefined && dropped.has(element)) this.#open = element;
    else if (slash === '/' && element === this.#open) this.#open = undefined;
  }
}

const dropped = new Set(
  'script style template title textarea iframe noscript noembed noframes object select option svg math video audio canvas applet head'.split(
    ' ',
  ),
);

interface Token {
  readonly start: number;
  readonly end: number;
  readonly isMarkup: boolean;
}

function* tokens(html: string): Generator<Token> {
  let textStart = 0;
  let areQuotesBroken = false;
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    const markup = markupEnd(html, at, areQuotesBroken);
    if (markup === undefined) {
      at += 1;
      continue;
    }
    areQuotesBroken ||= markup.areQuotesBroken;
    if (at > textStart) yield { start: textStart, end: at, isMarkup: false };
    yield { start: at, end: markup.end, isMarkup: true };
    at = textStart = markup.end;
  }
  if (textStart < html.length) yield { start: textStart, end: html.length, isMarkup: false };
}

function markupEnd(
  html: string,
  at: number,
  ignoreQuotes: boolean,
): { end: number; areQuotesBroken: boolean } | undefined {
  const next = html[at + 1] ?? '';
  if (html.startsWith('<!--', at)) return { end: after(html, '-->', at + 4), areQuotesBroken: false };
  if (next === '!' || next === '?') return { end: after(html, '>', at), areQuotesBroken: false };
  if (!/[A-Za-z/]/.test(next)) return undefined;
  const end = ignoreQuotes ? undefined : tagEnd(html, at);
  return { end: end ?? after(html, '>', at), areQuotesBroken: end === undefined };
}

function after(html: string, closing: string, from: number): number {
  const found = html.indexOf(closing, from);
  return found === -1 ? html.length : found + closing.length;
}

/** The end of a tag whose quotes are in order. */
function tagEnd(html: string, at: number): number | undefined {
  let quote = '';
  for (let i = at; i < html.length; i += 1) {
    const character = html[i] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return i + 1;
  }
  return undefined;
}

const entity = /&(?:#[xX][0-9A-Fa-f]{1,6};?|#\d{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};?)/g;

function decodeEntities<H>(pieces: readonly Piece<H>[]): Piece<H>[] {
  const text = textOf(pieces);
  if (!text.includes('&')) return [...pieces];
  const slice = slicer(pieces);
  const decoded: Piece<H>[] = [];
  let offset = 0;
  for (const { 0: written, index } of text.matchAll(entity)) {
    const { value, length } = decodeEntity(written);
    if (value === undefined) continue;
    decoded.push(...slice(offset, index));
    const [first, ...others] = slice(index, index + length);
    const end = others.at(-1)?.end ?? first?.end;
    if (first !== undefined && end !== undefined) decoded.push({ ...first, text: value, end, isExact: false });
    offset = index + length;
  }
  return [...decoded, ...slice(offset, text.length)];
}

/** The character of an entity; HTML lets some stand without their semicolon, with letters right behind them. */
function decodeEntity(written: string): { value: string | undefined; length: number } {
  if (written.startsWith('&#'))
    return { value: numericReference(written.slice(2).replace(';', '')), length: written.length };
  const name = written.slice(1).replace(';', '');
  for (let length = name.length; length >= (written.endsWith(';') ? name.length : 2); length -= 1) {
    const value = decodeNamedCharacterReference(name.slice(0, length));
    if (value !== false)
      return { value, length: written.endsWith(';') && length === name.length ? written.length : length + 1 };
  }
  return { value: undefined, length: written.length };
}

/** The character of a numeric reference, `#` left out. */
export function numericReference(digits: string): string | undefined {
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
