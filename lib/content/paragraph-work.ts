/** How many signs a parser tries to pair within one paragraph, and what pairing them costs, estimated rather too high. */
export class ParagraphWork {
  /** Signs times the length of their paragraphs, over the whole text. */
  work = 0;
  /** The most signs in one paragraph. */
  mostSigns = 0;
  /** The longest run of backticks. */
  longestRun = 0;
  #signs = 0;
  #length = 0;

  /** Adds the line from `first` (behind its indent) to `end`; `isNew` where it cannot belong to the paragraph before. */
  add(source: string, first: number, end: number, isNew: boolean): void {
    if (isNew) this.finish();
    this.#length += end - first + 1;
    for (let at = first; at < end; ) {
      const code = source.charCodeAt(at);
      const weigh = weights[code];
      const after = weigh === undefined ? at + 1 : runEnd(source, at, end, code);
      if (weigh !== undefined) this.#signs += weigh(source, at, after);
      if (code === codes.backtick) this.longestRun = Math.max(this.longestRun, after - at);
      at = after;
    }
    this.mostSigns = Math.max(this.mostSigns, this.#signs);
  }

  /** Ends the paragraph. */
  finish(): void {
    this.work += this.#signs * this.#length;
    this.#signs = 0;
    this.#length = 0;
  }
}

const codes = { exclamation: 33, star: 42, less: 60, question: 63, bracket: 91, underscore: 95, backtick: 96 } as const;

/** How much a run of a sign counts. */
const weights: Readonly<Record<number, (source: string, start: number, end: number) => number>> = {
  /** A star opens or closes emphasis wherever it stands; a run of them can do so more than once. */
  [codes.star]: (_, start, end) => Math.ceil((end - start) / 2),
  /** An underscore within a word does neither. */
  [codes.underscore]: (source, start, end) =>
    isWordCode(source.charCodeAt(start - 1)) && isWordCode(source.charCodeAt(end)) ? 0 : Math.ceil((end - start) / 2),
  /** The end of a link is looked for. */
  [codes.bracket]: (_, start, end) => end - start,
  /** Images hold one another, and each is copied with all that it holds. */
  [codes.exclamation]: (source, _, end) => (source.charCodeAt(end) === codes.bracket ? imageWeight : 0),
  /** The end of a comment or a declaration is looked for. */
  [codes.less]: (source, _, end) => {
    const next = source.charCodeAt(end);
    return next === codes.exclamation || next === codes.question ? 1 : 0;
  },
  [codes.backtick]: () => 0,
};
const imageWeight = 8;

function runEnd(source: string, start: number, end: number, code: number): number {
  let at = start + 1;
  while (at < end && source.charCodeAt(at) === code) at++;
  return at;
}

/** A letter or a digit of ASCII. */
function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
