import { FencedLines } from './fenced-lines.ts';
import { ParagraphWork } from './paragraph-work.ts';

/** The most that is read as Markdown, far above what a person would write in an update. */
export const markdownLimits = {
  /** A longer text is shown as it was typed: what grows faster than its length in the parser stays small. */
  characters: 200_000,
  /** A text of more lines is shown as it was typed: the parser keeps a state for each. */
  lines: 10_000,
  /** So is one with quotes and lists that are nested deeper: trees are walked by recursion. */
  nesting: 100,
  /** So is one with more headings underlined: each is looked for from the beginning of its text. */
  underlines: 500,
  /** So is one whose quotes and lists cost more for each character: all that came before is copied whenever one ends. */
  containerWorkPerCharacter: 300,
  /** So is one with more emphasis, brackets, images and comments between blank lines, code left out: each is compared with all others. */
  signsPerParagraph: 1500,
  /** So is one where they, times the length of their paragraphs, come to more. */
  paragraphWork: 40_000_000,
  /** So is one with a longer run of backticks: for each length of run the parser looks for another of the same length. */
  backticks: 50,
} as const;

/** Whether a text goes beyond one of the limits, so that parsing it would take more than linear time. */
export function exceedsMarkdownLimits(source: string): boolean {
  if (source.length > markdownLimits.characters) return true;
  const mostWork = smallWork + markdownLimits.containerWorkPerCharacter * source.length;
  const containers = new ContainerWork();
  const paragraphs = new ParagraphWork();
  const fences = new FencedLines();
  let underlines = 0;
  let lines = 0;
  for (let start = 0; start < source.length; ) {
    const end = lineEnd(source, start);
    lines++;
    if (lines > markdownLimits.lines) return true;
    const first = afterIndent(source, start, end);
    underlines += isUnderline(source, first, end) ? 1 : 0;
    if (underlines > markdownLimits.underlines) return true;
    containers.add(source, start, end);
    if (containers.deepest > markdownLimits.nesting || containers.work > mostWork) return true;
    if (fences.add(source.slice(start, end))) paragraphs.finish();
    else paragraphs.add(source, first, end, first === end || isSurelyItem(source, start, first, end));
    if (exceedsInParagraphs(paragraphs)) return true;
    start = end + (source.startsWith('\r\n', end) ? 2 : 1);
  }
  paragraphs.finish();
  return exceedsInParagraphs(paragraphs);
}

function exceedsInParagraphs({ mostSigns, work, longestRun }: ParagraphWork): boolean {
  const { signsPerParagraph, paragraphWork, backticks } = markdownLimits;
  return mostSigns > signsPerParagraph || work > paragraphWork || longestRun > backticks;
}

/** What a short text may cost, however dense: a few hundredths of a second. */
const smallWork = 1_000_000;

/** How much the parser does for one line in one open container, for one event of a container, and for one of a paragraph. */
const cost = { continuedContainer: 100, marker: 8, line: 2, paragraphLine: 4 };

/** Follows quotes and lists line by line and estimates, rather too high, what the parser does for them. */
class ContainerWork {
  work = 0;
  /** The most that were open at once. */
  deepest = 0;
  /** At most so many are open after the last line. */
  #open = 0;
  /** The events that the parser has made, which it copies when a container ends. */
  #events = 0;
  /** Lines since the last blank one: the parser walks back over them for a line that continues a container's paragraph. */
  #paragraphLines = 0;

  add(source: string, start: number, end: number): void {
    const { markers, columns, isBlank } = opening(source, start, end);
    const continued = Math.min(this.#open, Math.floor(columns / 2));
    const depth = continued + markers;
    const wasBlank = this.#paragraphLines === 0;
    this.#paragraphLines = isBlank ? 0 : this.#paragraphLines + 1;
    if (!isBlank) this.#open = wasBlank ? depth : Math.max(this.#open, depth);
    this.deepest = Math.max(this.deepest, depth);
    this.#events += cost.line + cost.marker * markers + cost.line * continued;
    this.work += markers * this.#events + this.#open * cost.continuedContainer;
    if (this.#open > 0) this.work += cost.paragraphLine * this.#paragraphLines;
  }
}

const codes = {
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  parenthesis: 41,
  star: 42,
  plus: 43,
  dash: 45,
  dot: 46,
  zero: 48,
  nine: 57,
  equals: 61,
  greater: 62,
} as const;

function lineEnd(source: string, start: number): number {
  let at = start;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === codes.lineFeed || code === codes.carriageReturn) break;
    at++;
  }
  return at;
}

const isBlankCode = (code: number) => code === codes.space || code === codes.tab;

function afterIndent(source: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlankCode(source.charCodeAt(at))) at++;
  return at;
}

/** What a line begins with: markers of containers, and columns of indent that could continue lists. */
function opening(source: string, start: number, end: number): { markers: number; columns: number; isBlank: boolean } {
  let markers = 0;
  let columns = 0;
  let at = start;
  while (at < end) {
    const code = source.charCodeAt(at);
    const marker = isBlankCode(code) ? 0 : markerLength(source, at, end);
    if (isBlankCode(code)) columns += code === codes.tab ? 4 : 1;
    else if (marker === 0) break;
    else markers++;
    at += Math.max(marker, 1);
  }
  return { markers, columns: Math.max(0, columns - markers), isBlank: markers === 0 && at === end };
}

/** How long the block quote's or list's marker is that begins here; 0 where none does. */
function markerLength(source: string, at: number, end: number): number {
  const code = source.charCodeAt(at);
  if (code === codes.greater) return 1;
  if (code === codes.dash || code === codes.plus || code === codes.star) return endsMarker(source, at + 1, end) ? 1 : 0;
  let digits = 0;
  while (digits < 10 && at + digits < end && isDigit(source.charCodeAt(at + digits))) digits++;
  const after = source.charCodeAt(at + digits);
  const closes = digits > 0 && (after === codes.dot || after === codes.parenthesis);
  return closes && endsMarker(source, at + digits + 1, end) ? digits + 1 : 0;
}

const isDigit = (code: number) => code >= codes.zero && code <= codes.nine;
const endsMarker = (source: string, at: number, end: number) => at >= end || isBlankCode(source.charCodeAt(at));

/** Whether the line begins an item of a list whatever stands before it, so that its text is a paragraph of its own. */
function isSurelyItem(source: string, start: number, first: number, end: number): boolean {
  if (first - start > 3 || source.charCodeAt(start) === codes.tab) return false;
  const code = source.charCodeAt(first);
  const isBullet = code === codes.dash || code === codes.plus || code === codes.star;
  const text = afterIndent(source, first + 1, end);
  return isBullet && text > first + 1 && text < end;
}

function isUnderline(source: string, first: number, end: number): boolean {
  const mark = source.charCodeAt(first);
  if (first === end || (mark !== codes.equals && mark !== codes.dash)) return false;
  let at = first;
  while (at < end && source.charCodeAt(at) === mark) at++;
  return afterIndent(source, at, end) === end;
}
