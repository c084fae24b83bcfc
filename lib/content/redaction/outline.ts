import type { Piece } from './reading.ts';

/** The source of a Markdown text; pieces of an outline stand in it. */
export const theSource = Symbol('source');
export type SourcePiece = Piece<typeof theSource>;

/** What is read together, and what may be done with it. */
export interface OutlineReading {
  readonly pieces: readonly SourcePiece[];
  /**
   * `prose` is live Markdown; in `verbatim` (code, raw HTML, titles) nothing is; a `destination` and a `label` go with
   * the construct that they belong to.
   */
  readonly role: 'prose' | 'verbatim' | 'destination' | 'label';
  readonly owner?: Construct | undefined;
  /** Of `prose`: what begins in it, in order. */
  readonly constructs?: readonly Construct[];
}

/** Something in the source with a beginning and an end of its own: emphasis, a link, a code span, a definition. */
export interface Construct {
  readonly kind: 'emphasis' | 'link' | 'image' | 'code' | 'autolink' | 'tag' | 'definition';
  readonly start: number;
  end: number;
  /** What it holds, without its own signs. */
  innerStart: number;
  innerEnd: number;
  /** What a reference or a definition goes by. */
  label: string | undefined;
}

/** A Markdown text as a reader takes it, with the way back to its source. */
export interface Outline {
  readonly readings: readonly OutlineReading[];
  /** In the order in which they begin. */
  readonly constructs: readonly Construct[];
}
