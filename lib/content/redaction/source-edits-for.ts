import type { Construct, Outline, OutlineReading, theSource } from './outline.ts';
import type { Located } from './reading.ts';
import type { Edit } from './source-edit.ts';

/** Something found, and the reading that it was found in. */
export interface Find extends Located<typeof theSource> {
  readonly reading: OutlineReading;
}

/** The changes to a source that redact what was found, in order. */
export function editsFor(source: string, { constructs }: Outline, finds: readonly Find[]): Edit[] {
  const planner = new Planner(source, constructs);
  for (const find of finds) planner.add(find);
  return planner.finish();
}

interface Range {
  readonly start: number;
  readonly end: number;
}

class Planner {
  readonly #source: string;
  readonly #constructs: readonly Construct[];
  readonly #edits: Edit[] = [];
  /** Links, images and definitions that may not stay. */
  readonly #broken = new Set<Construct>();

  constructor(source: string, constructs: readonly Construct[]) {
    this.#source = source;
    this.#constructs = constructs;
  }

  add({ reading, stretches }: Find): void {
    const { role, owner } = reading;
    if (owner !== undefined && role !== 'verbatim') {
      this.#broken.add(owner);
      return;
    }
    const last = stretches.at(-1) ?? stretches[0];
    const range = { start: stretches[0].start, end: Math.max(last.end, stretches[0].end) };
    if (role === 'prose') this.#replaceInProse(range);
    else this.#edits.push(edit(range, { hasMarker: true, isLive: false }));
  }

  finish(): Edit[] {
    const labels = new Set<string>();
    for (const { kind, label } of this.#broken) if (kind === 'definition' && label !== undefined) labels.add(label);
    for (const construct of this.#constructs) {
      const { kind, label } = construct;
      const isTied = kind === 'link' || kind === 'image' || kind === 'definition';
      if (this.#broken.has(construct) || (isTied && label !== undefined && labels.has(label)))
        this.#dissolve(construct);
    }
    return merged(this.#edits);
  }

  /** Replace a stretch of live Markdown together with the signs within it, and mend what reaches over its ends. */
  #replaceInProse(found: Range): void {
    const range = this.#withAutolinks(found);
    let before = '';
    let after = '';
    for (const construct of this.#constructs) {
      if (construct.end <= range.start || construct.start >= range.end) continue;
      if (holds(range, construct) || holds({ start: construct.innerStart, end: construct.innerEnd }, range)) continue;
      if (construct.kind === 'code') {
        if (construct.start < range.start) before = this.#source.slice(construct.innerEnd, construct.end);
        else after = this.#source.slice(construct.start, construct.innerStart);
      } else if (construct.kind !== 'tag') this.#unwrap(construct);
    }
    const kept = this.#unpairedTags(range);
    const isInCode = this.#constructs.some(
      (c) => c.kind === 'code' && c.innerStart <= range.start && range.start < c.innerEnd,
    );
    if (isInCode && before !== '')
      this.#edits.push(edit(range, { hasMarker: true, isLive: false, after: before + kept + after }));
    else
      this.#edits.push(
        edit(range, { hasMarker: true, isLive: !isInCode, after: kept + after, escape: this.#needsEscape(range) }),
      );
  }

  /** Behind a closing bracket even an undefined label changes how the link before it is read. */
  #needsEscape({ start }: Range): number {
    return this.#source[start - 1] === ']' ? 1 : 0;
  }

  #withAutolinks({ start, end }: Range): Range {
    let range = { start, end };
    for (const construct of this.#constructs) {
      if (construct.kind !== 'autolink' || construct.end <= start || construct.start >= end) continue;
      range = { start: Math.min(range.start, construct.start), end: Math.max(range.end, construct.end) };
    }
    return range;
  }

  /** Tags within a stretch whose counterpart is outside of it. */
  #unpairedTags(range: Range): string {
    const open: string[] = [];
    for (const construct of this.#constructs) {
      if (construct.kind !== 'tag' || !holds(range, construct)) continue;
      const tag = this.#source.slice(construct.start, construct.end);
      const name = /^<\/?([A-Za-z][\w-]*)/.exec(tag)?.[1]?.toLowerCase();
      if (name === undefined || voidElements.has(name) || tag.endsWith('/>')) continue;
      const opener = open.at(-1);
      if (tag.startsWith('</') && opener?.toLowerCase().startsWith(`<${name}`)) open.pop();
      else open.push(/^<\/?[A-Za-z][\w-]*/.exec(tag)?.[0] ?? '');
    }
    return open.map((tag) => `${tag}>`).join('');
  }

  /** Take the signs of a construct away and leave what it holds. */
  #unwrap({ start, end, innerStart, innerEnd }: Construct): void {
    this.#edits.push(edit({ start, end: innerStart }, {}), edit({ start: innerEnd, end }, {}));
  }

  /** A link becomes its text with the marker behind it, an image the marker; a definition goes. */
  #dissolve(construct: Construct): void {
    const { kind, start, end, innerStart, innerEnd } = construct;
    if (kind === 'definition') this.#edits.push(edit({ start, end }, {}));
    else if (kind === 'image' || innerStart === innerEnd)
      this.#edits.push(edit({ start, end }, { hasMarker: true, isLive: true }));
    else {
      const isMarked = this.#edits.some((other) => other.hasMarker && other.start < innerEnd && other.end > innerStart);
      this.#edits.push(edit({ start, end: innerStart }, {}));
      if (isMarked) this.#edits.push(edit({ start: innerEnd, end }, {}));
      else this.#edits.push(edit({ start: innerEnd, end }, { hasMarker: true, isLive: true, before: ' ' }));
    }
  }
}

const voidElements = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

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
