import type { Construct, Outline, OutlineReading, SourcePiece, theSource } from './outline.ts';
import { hasWords, type Located } from './reading.ts';
import type { Edit } from './source-edit.ts';

/** Something found, and the reading that it was found in. */
export interface Find extends Located<typeof theSource> {
  readonly reading: OutlineReading;
}

/** The changes to a source that redact what was found, in order. */
export function editsFor(source: string, outline: Outline, finds: readonly Find[]): Edit[] {
  const planner = new Planner(source, outline);
  for (const find of finds) planner.add(find);
  return planner.finish();
}

interface Range {
  readonly start: number;
  readonly end: number;
}

class Planner {
  readonly #source: string;
  readonly #outline: Outline;
  readonly #edits: Edit[] = [];
  /** Links, images and definitions that may not stay. */
  readonly #broken = new Set<Construct>();
  /** Links whose text already has a marker in it. */
  readonly #marked = new Set<Construct>();
  /** Definitions whose label may not stay. */
  readonly #mislabelled = new Set<Construct>();

  constructor(source: string, outline: Outline) {
    this.#source = source;
    this.#outline = outline;
  }

  add({ reading, stretches }: Find): void {
    const { role, owner } = reading;
    if (owner !== undefined && role !== 'verbatim') {
      this.#broken.add(owner);
      if (role === 'label' && owner.kind === 'definition') this.#mislabelled.add(owner);
      return;
    }
    const last = stretches.at(-1) ?? stretches[0];
    const range = { start: stretches[0].start, end: Math.max(last.end, stretches[0].end) };
    if (role === 'prose') this.#replaceInProse(range, reading.constructs ?? []);
    else this.#edits.push(edit(range, { hasMarker: true, isLive: false }));
  }

  finish(): Edit[] {
    const labels = new Set<string>();
    for (const { kind, label } of this.#broken) if (kind === 'definition' && label !== undefined) labels.add(label);
    const wordsIn = this.#wordsLeft();
    for (const construct of this.#outline.constructs) {
      const { kind, label } = construct;
      const isTied = kind === 'link' || kind === 'image' || kind === 'definition';
      if (this.#broken.has(construct) || (isTied && label !== undefined && labels.has(label)))
        this.#dissolve(construct);
      else if (kind === 'link' && this.#marked.has(construct) && wordsIn(construct) === 0) this.#unwrap(construct);
    }
    return merged(this.#edits);
  }

  /** Counts the letters and digits that are left of the text of a construct; where there are none, it is all markers. */
  #wordsLeft(): (construct: Construct) => number {
    const isWord = new Uint8Array(this.#source.length);
    for (const { role, pieces } of this.#outline.readings) {
      if (role !== 'prose') continue;
      for (const piece of pieces) if (piece.isMarkup !== true) markWords(isWord, piece);
    }
    for (const { start, end } of this.#edits) isWord.fill(0, start, end);
    const before = new Uint32Array(isWord.length + 1);
    for (let i = 0; i < isWord.length; i += 1) before[i + 1] = (before[i] ?? 0) + (isWord[i] ?? 0);
    return ({ innerStart, innerEnd }) => (before[innerEnd] ?? 0) - (before[innerStart] ?? 0);
  }

  /** Replace a stretch of live Markdown together with the signs within it, and mend what reaches over its ends. */
  #replaceInProse(found: Range, constructs: readonly Construct[]): void {
    const range = widened(found, constructs);
    const code = { closing: '', opening: '' };
    for (const construct of constructs) {
      if (construct.end <= range.start || construct.start >= range.end) continue;
      this.#marked.add(construct);
      const isHeld = holds({ start: construct.innerStart, end: construct.innerEnd }, range);
      if (isHeld || holds(range, construct)) continue;
      if (construct.kind !== 'code') this.#unwrap(construct);
      else if (construct.start < range.start) code.closing = this.#source.slice(construct.innerEnd, construct.end);
      else code.opening = this.#source.slice(construct.start, construct.innerStart);
    }
    const isLive = !constructs.some(
      ({ kind, innerStart, innerEnd }) => kind === 'code' && innerStart <= range.start && range.start < innerEnd,
    );
    const after = code.closing + this.#unpairedTags(range, constructs) + code.opening;
    this.#edits.push(edit(range, { hasMarker: true, isLive, after, escape: this.#needsEscape(range) }));
  }

  /** Behind a closing bracket even an undefined label changes how the link before it is read. */
  #needsEscape({ start }: Range): number {
    return this.#source[start - 1] === ']' ? 1 : 0;
  }

  /** Tags within a stretch whose counterpart is outside of it. */
  #unpairedTags(range: Range, constructs: readonly Construct[]): string {
    const open: string[] = [];
    for (const construct of constructs) {
      if (construct.kind !== 'tag' || !holds(range, construct)) continue;
      const { slash = '', name = '' } = tagName.exec(this.#source.slice(construct.start, construct.end))?.groups ?? {};
      if (!paired.has(name.toLowerCase())) continue;
      if (slash === '/' && open.at(-1) === `<${name}>`) open.pop();
      else open.push(`<${slash}${name}>`);
    }
    return open.join('');
  }

  /** Take the signs of a construct away and leave what it holds. */
  #unwrap({ start, end, innerStart, innerEnd }: Construct): void {
    this.#edits.push(edit({ start, end: innerStart }, {}), edit({ start: innerEnd, end }, {}));
  }

  /** What reads like text and only happens to be a definition (`[::1]:80`) leaves a marker. */
  #inPlaceOf(definition: Construct): Partial<Edit> {
    const written = this.#source.slice(definition.start, definition.end);
    return this.#mislabelled.has(definition) && looksLikeText.test(written) ? { hasMarker: true, isLive: true } : {};
  }

  /** A link becomes its text with the marker behind it, an image the marker; a definition goes. */
  #dissolve(construct: Construct): void {
    const { kind, start, end, innerStart, innerEnd } = construct;
    if (kind === 'definition') this.#edits.push(edit({ start, end }, this.#inPlaceOf(construct)));
    else if (kind === 'image' || innerStart === innerEnd)
      this.#edits.push(edit({ start, end }, { hasMarker: true, isLive: true }));
    else {
      this.#edits.push(edit({ start, end: innerStart }, {}));
      if (this.#marked.has(construct)) this.#edits.push(edit({ start: innerEnd, end }, {}));
      else this.#edits.push(edit({ start: innerEnd, end }, { hasMarker: true, isLive: true, before: ' ' }));
    }
  }
}

/** A definition whose address leads nowhere: a port, a word. */
const looksLikeText = /^\[(?:[^\]\\]|\\.)*\]:\s*(?=\S)(?!<?(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#.]|www\.))/;
const tagName = /^<(?<slash>\/?)(?<name>[A-Za-z][\w-]*)/;
/** Elements that go on until they are closed. */
const paired = new Set(
  'a abbr b bdi bdo big blockquote center cite code del details dfn div dl em font h1 h2 h3 h4 h5 h6 i ins kbd li mark ol p pre q s samp script section small span strike strong style sub summary sup table template textarea title tt u ul var'.split(
    ' ',
  ),
);

function markWords(isWord: Uint8Array, { text, start, end, isExact }: SourcePiece): void {
  if (!isExact) isWord.fill(hasWords(text) ? 1 : 0, start, end);
  else
    for (const { 0: word, index } of text.matchAll(words)) isWord.fill(1, start + index, start + index + word.length);
}

const words = /[\p{L}\p{N}]+/gu;

/** With the whole of each autolink that it touches. */
function widened({ start, end }: Range, constructs: readonly Construct[]): Range {
  const touched = constructs.filter((other) => other.kind === 'autolink' && other.end > start && other.start < end);
  return {
    start: Math.min(start, ...touched.map((autolink) => autolink.start)),
    end: Math.max(end, ...touched.map((autolink) => autolink.end)),
  };
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function edit(range: Range, rest: Partial<Edit>): Edit {
  return {
    hasMarker: false,
    before: '',
    after: '',
    isLive: false,
    escape: 0,
    ...rest,
    start: range.start,
    end: range.end,
  };
}

/** In order; edits that overlap become one, with one marker. */
function merged(edits: readonly Edit[]): Edit[] {
  const result: Edit[] = [];
  for (const next of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1);
    if (next.start === next.end && !next.hasMarker) continue;
    if (last === undefined || next.start >= last.end) result.push(next);
    else result[result.length - 1] = together(last, next);
  }
  return result;
}

function together(first: Edit, second: Edit): Edit {
  const wider = first.end >= second.end ? first : second;
  return {
    start: first.start,
    end: Math.max(first.end, second.end),
    hasMarker: first.hasMarker || second.hasMarker,
    before: first.hasMarker ? first.before : second.before,
    after: wider.after,
    isLive: first.isLive || second.isLive,
    escape: 0,
  };
}
