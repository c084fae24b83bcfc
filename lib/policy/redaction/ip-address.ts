import ipaddr from 'ipaddr.js';
import type { Match } from './match.ts';

/** IPv4 addresses with port and prefix length. Any four numbers up to 255 joined by dots are one, versions included. */
export function findIpv4(text: string): Match[] {
  const found: Match[] = [];
  for (const { 0: literal, index } of text.matchAll(fourNumbers)) {
    if (literal.split('.').some((part) => Number(part) > 255)) continue;
    const end = index + literal.length;
    if (/\.\d/y.test(text.slice(end, end + 2))) continue;
    found.push({ start: index, end: end + suffixLength(text, end), kind: 'ipv4' });
  }
  return found;
}

/** IPv6 addresses, whole: with brackets, zone, prefix length and port. Times, MAC addresses and `a::b` in code are none. */
export function findIpv6(text: string): Match[] {
  const found: Match[] = [];
  for (const { 0: word, index } of text.matchAll(wordWithColons)) {
    if (!/:[^:]*:/.test(word)) continue;
    for (const { start, end } of literals(word)) {
      const isWithin = index + start < (found.at(-1)?.end ?? 0);
      if (!isWithin) found.push(extended(text, index + start, index + end));
    }
  }
  return found.filter((match) => !isSeparator(text, match));
}

const fourNumbers = /(?<!\d)(?<!\d\.)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d)/g;
const wordWithColons = /(?<![\p{L}\p{N}_.])[\p{L}\p{N}_.]*:[\p{L}\p{N}_.:]*/gu;
const hexGroup = /^[0-9A-Fa-f]{1,4}$/;
const longestLiteral = 45;

function suffixLength(text: string, end: number): number {
  const suffix = /(?:\/(?:\d{1,3}\.){3}\d{1,3}(?!\d)|\/\d{1,3}(?!\d|\.\d))?(?::\d{1,5}(?!\d))?/y;
  suffix.lastIndex = end;
  return suffix.exec(text)?.[0].length ?? 0;
}

/** The address literals in a run of letters, digits, dots and colons such as `addr:fe80::1`. */
function literals(word: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start: number | undefined;
  let offset = 0;
  const close = (end: number) => {
    const literal = start === undefined ? undefined : address(word, start, end);
    if (literal !== undefined) found.push(literal);
    start = undefined;
  };
  for (const group of word.split(':')) {
    const part = group.replace(/\.+$/, '');
    const isPart = part === '' || hexGroup.test(part) || ipaddr.IPv4.isValidFourPartDecimal(part);
    if (!isPart) close(offset);
    else start ??= offset;
    offset += group.length + 1;
    if (isPart && group !== part) close(offset - 1);
  }
  close(word.length);
  return found;
}

/** The address within `word[from, to)` once stray colons and full stops around it are left out. */
function address(word: string, from: number, to: number): { start: number; end: number } | undefined {
  const cutBefore = from > 0 && word.startsWith('::', from - 1);
  const cutAfter = to < word.length && word.slice(0, to).endsWith('::');
  if (cutBefore || cutAfter) return undefined;
  if (to - from < 2) return undefined;
  let start = from;
  let end = to;
  while (end > start && word[end - 1] === '.') end -= 1;
  if (end - start > longestLiteral + 8 || !/:[^:]*:/.test(word.slice(start, end))) return undefined;
  if (/^:(?!:)/.test(word.slice(start, end))) start += 1;
  for (const tail of [/$/, /:$/, /:\d{1,5}$/]) {
    const literal = word.slice(start, end).replace(tail, '');
    if (isAddress(literal)) return { start, end: tail.source.includes('d') ? end : start + literal.length };
  }
  return undefined;
}

function isAddress(literal: string): boolean {
  return ipaddr.IPv6.isValid(literal) && !/^[A-Fa-f]+::[A-Fa-f]+$/.test(literal);
}

/** Zone, prefix length, and the brackets with their port; a zone goes on over whatever else is glued to it. */
function extended(text: string, from: number, to: number): Match {
  let start = from;
  let end = to + length(/(?:%(?:[\p{L}\p{N}._~%:-]*[\p{L}\p{N}])?)?(?:\/\d{1,3}(?!\d))?/uy, text, to);
  if (text[start - 1] === '[' && text[end] === ']') {
    start -= 1;
    end += 1 + length(/(?:\/\d{1,3}(?!\d))?(?::\d{1,5}(?!\d))?/y, text, end + 1);
  }
  return { start, end, kind: 'ipv6' };
}

function length(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** `::` between two words is punctuation or a type in code, not the unspecified address. */
function isSeparator(text: string, { start, end }: Match): boolean {
  if (text.slice(start, end) !== '::') return false;
  return (
    /[^\s"'(]\s*$/.test(text.slice(Math.max(0, start - 3), start)) && /^\s*[^\s"').,;]/.test(text.slice(end, end + 3))
  );
}
