import { findSensitive, type RedactionKind, type RedactionRules } from '../../policy/redaction.ts';

/** Some characters of what a reader reads, and where they stand in what a person wrote. */
export interface Piece<Holder> {
  readonly text: string;
  /** What the characters stand in: the source, or one field of a node. */
  readonly holder: Holder;
  readonly start: number;
  readonly end: number;
  /** Whether each character stands for itself; an entity or an escape does not, and goes whole. */
  readonly isExact: boolean;
  /** Whether a renderer may leave it out (the text of an image, the contents of a script). */
  readonly isOptional?: boolean;
  /** Whether it is a tag, which no one reads; but `<anonymous>` in a stack frame is one as well. */
  readonly isMarkup?: boolean;
}

/** A stretch of a holder. */
export interface Stretch<Holder> {
  readonly holder: Holder;
  readonly start: number;
  readonly end: number;
}

/** Something that must not be published, and the stretches that it is spread over, in order. */
export interface Located<Holder> {
  readonly kind: RedactionKind;
  readonly stretches: readonly [Stretch<Holder>, ...Stretch<Holder>[]];
}

/**
 * Find what must not be published in one block, read as a whole: with what a renderer may leave out, and without. Tags are
 * no text, save for stack frames, which look like them.
 */
export function findInReading<H>(pieces: readonly Piece<H>[], rules: RedactionRules): Located<H>[] {
  const isPlain = !pieces.some((piece) => piece.isOptional || piece.isMarkup);
  if (isPlain) return locate(pieces, rules);
  const read = pieces.filter((piece) => !piece.isMarkup);
  const frames = locate(pieces, rules).filter(({ kind }) => kind === 'stack_trace');
  return distinct([
    ...frames,
    ...locate(read, rules),
    ...locate(
      read.filter((piece) => !piece.isOptional),
      rules,
    ),
  ]);
}

/** The characters of a reading. */
export function textOf(pieces: readonly Piece<unknown>[]): string {
  if (pieces.length === 1) return pieces[0]?.text ?? '';
  let text = '';
  for (const piece of pieces) text += piece.text;
  return text;
}

/** Whether a text holds a letter or a digit. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** The part of a reading from `from` to `to`, counted in its characters. Ranges asked for one after the other cost no search. */
export function slicer<H>(pieces: readonly Piece<H>[]): (from: number, to: number) => Piece<H>[] {
  let index = 0;
  let offset = 0;
  return (from, to) => {
    const parts: Piece<H>[] = [];
    if (offset > from) [index, offset] = [0, 0];
    for (; index < pieces.length; index += 1) {
      const piece = pieces[index];
      if (piece === undefined || offset >= to) break;
      const after = offset + piece.text.length;
      if (after > from) parts.push(part(piece, Math.max(from - offset, 0), Math.min(to - offset, piece.text.length)));
      if (after > to) break;
      offset = after;
    }
    return parts;
  };
}

/** What was found in several ways of reading counts once. */
function distinct<H>(found: readonly Located<H>[]): Located<H>[] {
  const seen = new Map<H, Set<number>>();
  return found.filter(({ stretches: [{ holder, start }] }) => {
    const starts = seen.get(holder) ?? new Set();
    seen.set(holder, starts);
    return !starts.has(start) && starts.add(start);
  });
}

function locate<H>(pieces: readonly Piece<H>[], rules: RedactionRules): Located<H>[] {
  const matches = findSensitive(textOf(pieces), rules);
  if (matches.length === 0) return [];
  const slice = slicer(pieces);
  return matches.flatMap(({ kind, start, end }) => {
    const [first, ...others] = slice(start, end);
    return first === undefined ? [] : [{ kind, stretches: [first, ...others] as const }];
  });
}

function part<H>(piece: Piece<H>, from: number, to: number): Piece<H> {
  if (!piece.isExact || (from === 0 && to === piece.text.length)) return piece;
  return { ...piece, text: piece.text.slice(from, to), start: piece.start + from, end: piece.start + to };
}
