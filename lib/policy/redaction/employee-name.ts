import type { Match } from './match.ts';
import { readerForm } from './reader-text.ts';
import { unspacedLetter, wordCharacter } from './word-edge.ts';

/** The page's names as patterns, made once; `undefined` where none is configured. */
export interface NamePatterns {
  /** Names of several words: in any case. */
  readonly full: RegExp | undefined;
  /** Single names: with their capital only. */
  readonly single: RegExp | undefined;
}

/** Patterns that find each name whole, by Unicode word boundaries. */
export function namePatterns(names: readonly string[]): NamePatterns {
  const words = names.map((name) => readerForm(name).trim().split(/\s+/)).filter((parts) => parts[0] !== '');
  return {
    full: pattern(words.filter((parts) => parts.length > 1).map(spelled), 'giu'),
    single: pattern(
      words.filter((parts) => parts.length === 1).map((parts) => spelled(parts.map(capitalised))),
      'gu',
    ),
  };
}

/** Configured names in a text; the possessive ending stays. */
export function findNames(text: string, { full, single }: NamePatterns): Match[] {
  const found: Match[] = [];
  for (const names of [full, single]) {
    if (names === undefined) continue;
    for (const { 0: name, index } of text.matchAll(names)) {
      found.push({ start: index, end: index + name.length, kind: 'employee_name' });
    }
  }
  return found;
}

function pattern(alternatives: readonly string[], flags: string): RegExp | undefined {
  if (alternatives.length === 0) return undefined;
  const longestFirst = [...alternatives].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.join('|'), flags);
}

/** A name between edges of words, its words parted by space, or by a sign as in `jane.doe` and `Jane+Doe`. */
function spelled(words: readonly string[]): string {
  const name = words.join(' ');
  const [before, after] = [edge(name), edge([...name].reverse().join(''))];
  return `(?<!${before})${words.map(spelledWord).join('(?:\\s+|[+_.-])')}(?!${after})`;
}

/** What may not stand beside the first character of a name: a name in a script without spaces has no edges. */
function edge([first = '', second]: string): string {
  const isUnspaced = new RegExp(unspacedLetter, 'u').test(first);
  if (!isUnspaced) return wordCharacter;
  return second === undefined ? '[\\p{L}\\p{N}\\p{M}]' : '\\p{M}';
}

/** A word with every way to write its hyphens and apostrophes. */
function spelledWord(word: string): string {
  return word
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/[-\u2010-\u2015\u2212]/g, '[-\\u2010-\\u2015\\u2212]')
    .replace(/['\u2018\u2019\u02BC`\u00B4]/g, "['\\u2018\\u2019\\u02BC`\\u00B4]");
}

function capitalised(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
  return first.toUpperCase() + word.slice(first.length);
}
