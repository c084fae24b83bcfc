/**
 * Whether a text goes beyond what a person would write in an update: containers nested too deep, or so many emphasis
 * marks or brackets in one block, or lines or underlined headings in one text, that parsing them would take more than
 * linear time.
 */
export function exceedsMarkdownLimits(source: string): boolean {
  const marks = { emphasis: 0, brackets: 0 };
  let underlines = 0;
  let lines = 0;
  for (let start = 0; start < source.length; ) {
    const end = lineEnd(source, start);
    const first = afterIndent(source, start, end);
    if (nesting(source, start, end) > markdownLimits.nesting) return true;
    lines++;
    if (lines > markdownLimits.lines) return true;
    countMarks(marks, source, first, end);
    if (marks.emphasis > markdownLimits.emphasisMarksPerBlock) return true;
    if (marks.brackets > markdownLimits.bracketsPerBlock) return true;
    underlines += isUnderline(source, first, end) ? 1 : 0;
    if (underlines > markdownLimits.underlines) return true;
    start = end + 1;
  }
  return false;
}

/** The most that is read as Markdown; a text beyond one of them is shown as it was typed. */
export const markdownLimits = {
  nesting: 100,
  emphasisMarksPerBlock: 2000,
  bracketsPerBlock: 4000,
  underlines: 500,
  lines: 10_000,
} as const;

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
  openBracket: 91,
  closeBracket: 93,
  underscore: 95,
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

const isBlank = (code: number) => code === codes.space || code === codes.tab;

function afterIndent(source: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(source.charCodeAt(at))) at++;
  return at;
}

/** An upper bound of how many containers the line opens or continues: its markers, and two columns of indent for each list. */
function nesting(source: string, start: number, end: number): number {
  let markers = 0;
  let columns = 0;
  for (let at = start; at < end; ) {
    const code = source.charCodeAt(at);
    const marker = isBlank(code) ? 0 : markerLength(source, at, end);
    if (isBlank(code)) columns += code === codes.tab ? 4 : 1;
    else if (marker === 0) break;
    else markers++;
    at += Math.max(marker, 1);
  }
  return markers + Math.floor(Math.max(0, columns - markers) / 2);
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
const endsMarker = (source: string, at: number, end: number) => at >= end || isBlank(source.charCodeAt(at));

interface Marks {
  emphasis: number;
  brackets: number;
}

/** Adds the marks of a line to those of its block; a blank line begins a new block. */
function countMarks(marks: Marks, source: string, first: number, end: number): void {
  if (first === end) {
    marks.emphasis = 0;
    marks.brackets = 0;
  }
  for (let at = first; at < end; at++) {
    const code = source.charCodeAt(at);
    if (code === codes.star || code === codes.underscore) marks.emphasis++;
    else if (code === codes.openBracket || code === codes.closeBracket) marks.brackets++;
  }
}

function isUnderline(source: string, first: number, end: number): boolean {
  const mark = source.charCodeAt(first);
  if (first === end || (mark !== codes.equals && mark !== codes.dash)) return false;
  let at = first;
  while (at < end && source.charCodeAt(at) === mark) at++;
  return afterIndent(source, at, end) === end;
}
