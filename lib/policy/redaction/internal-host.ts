import { internalHostSuffixes } from '../constants.ts';
import type { Match } from './match.ts';
import { unspacedLetter, wordCharacter } from './word-edge.ts';

/** How internal hosts are told from others, made once for a page's rules. */
export interface HostPatterns {
  /** A suffix, at the place where it ends a name. */
  readonly suffix: RegExp;
  /** Hosts that the page lists by name. */
  readonly named: RegExp | undefined;
}

/** Patterns for the policy's suffixes, and for the page's own hosts: names, or suffixes that begin with a dot. */
export function hostPatterns(hosts: readonly string[]): HostPatterns {
  const own = hosts.map((host) =>
    host
      .toLowerCase()
      .replace(/^\*(?=\.)/, '')
      .replace(/\.$/, ''),
  );
  const suffixes = [...internalHostSuffixes, ...own.filter((host) => host.startsWith('.'))].map(escaped);
  const names = own.filter((host) => host !== '' && !host.startsWith('.')).map(escaped);
  return {
    suffix: new RegExp(`(?:${suffixes.join('|')})(?!\\.?${part})`, 'giu'),
    named:
      names.length === 0 ? undefined : new RegExp(`(?<!${wordCharacter}|[_-])(?:${names.join('|')})(?!${part})`, 'giu'),
  };
}

/** Names of internal hosts, in any case, with their port. */
export function findInternalHosts(text: string, { suffix, named }: HostPatterns): Match[] {
  const found: Match[] = [];
  let floor = 0;
  for (const { 0: ending, index } of text.matchAll(suffix)) {
    const start = nameStart(text, index, floor);
    if (start < index) found.push(withPort(text, start, index + ending.length));
    floor = index + ending.length;
  }
  if (named === undefined) return found;
  floor = 0;
  for (const { 0: name, index } of text.matchAll(named)) {
    if (index < floor) continue;
    const end = nameEnd(text, index + name.length);
    found.push(withPort(text, nameStart(text, index, floor), end));
    floor = end;
  }
  return found;
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What goes on a label of a host name. */
const part = `[_-]{0,9}${wordCharacter}`;
const unspaced = new RegExp(unspacedLetter, 'u');

/** Where a host name begins; a label does not go on from a script without spaces into ASCII (`服务器db.internal`). */
function nameStart(text: string, index: number, floor: number): number {
  let start = index;
  while (start > floor && /[\p{L}\p{N}\p{M}_.\-\uD800-\uDFFF]/u.test(text[start - 1] ?? '')) {
    if (/[\w-]/.test(text[start] ?? '') && unspaced.test(text[start - 1] ?? '')) break;
    start -= 1;
  }
  while (start < index && /[.-]/.test(text[start] ?? '')) start += 1;
  return start;
}

function nameEnd(text: string, index: number): number {
  const rest = /(?:\.[\p{L}\p{N}_-]+)*/uy;
  rest.lastIndex = index;
  return index + (rest.exec(text)?.[0].length ?? 0);
}

function withPort(text: string, start: number, end: number): Match {
  const port = /\.?:\d{1,5}(?!\d)|\.(?=\/)/y;
  port.lastIndex = end;
  return { start, end: end + (port.exec(text)?.[0].length ?? 0), kind: 'internal_host' };
}
