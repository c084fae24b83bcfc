import matter from 'gray-matter';
import { fileStart, problem } from '../policy/rules.ts';
import type { Problem } from '../schema/problem.ts';

/** A Markdown file cut in two. */
export interface FrontMatterSplit {
  /** The lines between the two lines of hyphens; they begin on line 2 of the file. */
  readonly yaml: string;
  readonly body: string;
  /** How many lines of the file come before the body. */
  readonly linesBefore: number;
}

/** Cut the front matter off a file. Nothing is evaluated: any language but plain YAML is refused unread. */
export function splitFrontMatter(text: string, file: string): FrontMatterSplit | Problem {
  const firstLine = text.slice(0, lineEnd(text, 0));
  if (!/^---(?!-)/.test(firstLine)) return absent(file);
  if (firstLine.trimEnd() !== '---') return otherLanguage(file);
  // Nothing after the closing line concerns gray-matter, which would copy it.
  const closing = text.indexOf('\n---', 3);
  if (closing === -1) return notClosed(file);
  const end = 3 + matter(text.slice(0, closing + 4), { language: 'yaml', engines }).matter.length;
  const yaml = text.slice(firstLine.length + 1, Math.max(end, firstLine.length + 1));
  const closingEnd = lineEnd(text, end + 1);
  const linesBefore = 2 + (end > firstLine.length ? yaml.split('\n').length : 0);
  if (text.slice(end + 1, closingEnd).trimEnd() !== '---') return badClosing(file, linesBefore);
  return { yaml, body: text.slice(closingEnd + 1), linesBefore };
}

/** gray-matter only cuts; the YAML is read elsewhere, with positions, and nothing else is read at all. */
const engines = { yaml: notRead, json: notRead, javascript: notRead };

function notRead(): object {
  return {};
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function absent(file: string): Problem {
  return problem(
    'front-matter',
    file,
    fileStart,
    'The file does not begin with front matter.',
    'Begin it with a line `---`, then the facts (title, impact, state, started_at), then another line `---`.',
  );
}

function otherLanguage(file: string): Problem {
  return problem(
    'front-matter-language',
    file,
    { line: 1, column: 4 },
    'The front matter names a language of its own; it was not read.',
    'Begin the file with `---` alone, and write the front matter in YAML.',
  );
}

function notClosed(file: string): Problem {
  return problem(
    'front-matter',
    file,
    fileStart,
    'The front matter that begins here never ends.',
    'Close it with a line `---`.',
  );
}

function badClosing(file: string, line: number): Problem {
  return problem(
    'front-matter',
    file,
    { line, column: 1 },
    'The line that ends the front matter is not three hyphens alone.',
    'Write `---` alone on the line.',
  );
}
