import { problem } from '../policy/rules.ts';
import type { Update } from '../schema/incident.ts';
import type { Problem } from '../schema/problem.ts';
import { type Heading, outlineOf } from './headings.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { plainText } from './plain-text.ts';
import { readableTree } from './readable-tree.ts';
import { looksLikeUpdate, readUpdateHeading } from './update-heading.ts';

/** What a body came to. */
export interface UpdatesResult {
  /** Those that could be read. */
  readonly updates: readonly Update[];
  /** Whether that is all there is in the body, without a problem. */
  readonly complete: boolean;
  /** What stands under headings that could not be read. */
  readonly strays: readonly StrayText[];
  readonly problems: readonly Problem[];
}

/** Markdown that belongs to no update. */
export type StrayText = Pick<Update, 'body' | 'bodyPosition'>;

/** Where a body stands: its file, and how many lines of the file come before it. */
export interface BodyPlace {
  readonly file: string;
  readonly linesBefore: number;
}

/** Cut a body at its `##` headings into updates. */
export function readUpdates(body: string, place: BodyPlace): UpdatesResult {
  const lines = body.split('\n');
  const { headings, openFence } = outlineOf(lines);
  const divisions = headings.filter((h) => h.level === 2 && h.plain);
  const sections = divisions.map((h, i) => readSection(lines, h, divisions[i + 1]?.line ?? lines.length, place));
  const problems = [
    ...headings.filter((h) => h.level === 1 || !h.plain).map((h) => otherHeading(h, place)),
    ...beforeFirst(lines, divisions[0]?.line ?? lines.length, place),
    ...sections.flatMap((s) => s.problems),
    ...(divisions.length === 0 ? [noUpdate(place)] : []),
    ...(openFence === undefined ? [] : [fenceProblem(openFence.line, openFence.column, place)]),
  ];
  const updates = sections.flatMap((s) => s.update ?? []);
  const strays = sections.flatMap((s) => (s.update === undefined ? s.text : []));
  return { updates, complete: problems.length === 0, strays, problems };
}

interface Section {
  readonly update: Update | undefined;
  readonly text: StrayText;
  readonly problems: readonly Problem[];
}

function readSection(lines: readonly string[], heading: Heading, endLine: number, place: BodyPlace): Section {
  const position = { line: place.linesBefore + heading.line + 1, column: heading.column };
  const { head, problems } = readUpdateHeading(lines[heading.line] ?? '', place.file, position.line);
  const { first, last } = textLines(lines, heading.line + 1, endLine);
  const bodyLines = lines.slice(first, last);
  const found = [...problems, ...bodyLines.flatMap((text, i) => mistakenHeading(text, first + i, place))];
  const body = bodyLines.join('\n');
  if (isWordless(body)) found.push(emptyUpdate(place.file, position.line));
  const text = { body, bodyPosition: { line: place.linesBefore + first + 1, column: 1 } };
  return { update: head === undefined ? undefined : { ...head, ...text, position }, text, problems: found };
}

/** Whether a reader would see no word: the body is empty, or comments, definitions and signs are all there is. */
function isWordless(body: string): boolean {
  return !beginsWithAWord.test(body) && !aWord.test(plainText(readableTree(parseMarkdown(body))));
}

/** A line whose first letter stands behind nothing that could hide it. */
const beginsWithAWord = /^[^<[&\n]*\p{L}/u;
const aWord = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** The lines from `first` to before `last` without the blank ones around them. */
function textLines(lines: readonly string[], from: number, to: number): { first: number; last: number } {
  let first = from;
  let last = to;
  while (first < last && isBlank(lines[first])) first += 1;
  while (last > first && isBlank(lines[last - 1])) last -= 1;
  return { first, last };
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

function beforeFirst(lines: readonly string[], endLine: number, place: BodyPlace): Problem[] {
  const { first, last } = textLines(lines, 0, endLine);
  if (first === last) return [];
  const mistaken = lines.slice(first, last).flatMap((text, i) => mistakenHeading(text, first + i, place));
  if (mistaken.length > 0) return mistaken;
  return [
    problem(
      'text-before-update',
      place.file,
      { line: place.linesBefore + first + 1, column: 1 },
      'There is text before the first update; nobody would see it.',
      'Move it under a heading such as `## investigating 2026-11-20T09:05:00Z`.',
    ),
  ];
}

function mistakenHeading(text: string, line: number, place: BodyPlace): Problem[] {
  if (!text.startsWith('#') || !looksLikeUpdate(text)) return [];
  return [
    problem(
      'update-heading',
      place.file,
      { line: place.linesBefore + line + 1, column: 1 },
      'This looks like the heading of an update and is none.',
      'Begin the line with `## `: two number signs and a space.',
    ),
  ];
}

function otherHeading(heading: Heading, place: BodyPlace): Problem {
  const at = { line: place.linesBefore + heading.line + 1, column: heading.column };
  if (heading.level === 2 && heading.endLine === heading.line + 1) {
    return problem('update-heading', place.file, at, 'The heading is indented.', 'Begin it at the start of the line.');
  }
  return problem(
    'other-heading',
    place.file,
    at,
    'There is a heading of the first or second level that is not the heading of an update.',
    'Write it in bold or as `### ...`; where a line of hyphens or equals signs stands under it, put a blank line between.',
  );
}

function noUpdate({ file, linesBefore }: BodyPlace): Problem {
  return problem(
    'no-update',
    file,
    { line: linesBefore, column: 1 },
    'The incident has no update.',
    'Add a heading such as `## investigating 2026-11-20T09:05:00Z` and a sentence under it.',
  );
}

function emptyUpdate(file: string, line: number): Problem {
  return problem(
    'empty-update',
    file,
    { line, column: 1 },
    'The update has a heading and no text that a reader would see.',
    'Write a sentence under the heading, or delete the heading.',
  );
}

function fenceProblem(line: number, column: number, place: BodyPlace): Problem {
  return problem(
    'open-fence',
    place.file,
    { line: place.linesBefore + line + 1, column },
    'The code block or the HTML that begins here is not closed before the next heading.',
    'Close a code block with a line of the same characters, and HTML with its closing tag.',
  );
}
