import type { Match } from './match.ts';
import { unspacedLetter } from './word-edge.ts';

/** E-mail addresses but the support address; a sub-address of it (`support+x@`) is another address. */
export function findEmails(text: string, supportEmail: string | undefined): Match[] {
  const found: Match[] = [];
  let floor = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const domain = domainAfter(text, at + 1);
    const start = domain === undefined ? at : localPartStart(text, at, floor);
    floor = at + 1;
    if (domain === undefined || start === at) continue;
    if (isSupport(text, start, domain.end, supportEmail)) continue;
    found.push({ start, end: domain.end, kind: 'email' });
  }
  return found;
}

const usual = /[\p{L}\p{N}\p{M}._%+'’-]/u;
const permitted = /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]/u;
const domainName = /[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)*/uy;
/** An ASCII domain that the letters of a script without spaces follow (`example.com谢谢`). */
const besideOtherScript = new RegExp(`^[\\w-]+(?:\\.[\\w-]+)*\\.[A-Za-z]{2,24}(?=${unspacedLetter})`, 'u');
const addressLiteral = /\[[^\]\s]{1,60}\]/y;
const longestQuoted = 130;

/** The domain that begins here: dotted labels, the last of them no number, or an address in brackets. */
function domainAfter(text: string, start: number): { end: number } | undefined {
  addressLiteral.lastIndex = start;
  const literal = addressLiteral.exec(text);
  if (literal !== null) return { end: start + literal[0].length };
  if (text[start] === '(') return commented(text, start);
  domainName.lastIndex = start;
  const domain = domainName.exec(text)?.[0] ?? '';
  const labels = (besideOtherScript.exec(domain)?.[0] ?? domain).replace(/[-_]+$/, '').split('.');
  if (isIpv4(labels.slice(0, 4))) return { end: start + labels.slice(0, 4).join('.').length };
  while (labels.length > 0 && !isTopLevel(labels)) labels.pop();
  return labels.length === 0 ? undefined : { end: start + labels.join('.').length };
}

/** A domain after a comment in parentheses, as the mail standard allows. */
function commented(text: string, start: number): { end: number } | undefined {
  const comment = /\([^()\n]{0,60}\)(?!\()/y;
  comment.lastIndex = start;
  const length = comment.exec(text)?.[0].length;
  return length === undefined ? undefined : domainAfter(text, start + length);
}

function isIpv4(labels: readonly string[]): boolean {
  return labels.length === 4 && labels.every((label) => /^\d{1,3}$/.test(label));
}

/** Whether the last label can end a mail domain; `pkg@18.2.0`, `checkout@v4`, `20.x` and `icon@2x.png` are none. */
function isTopLevel(labels: readonly string[]): boolean {
  const last = labels.at(-1) ?? '';
  const before = labels.at(-2);
  if (before === undefined) return /^(?!rc|v\d)(?:[a-z]{2}|com|org|net)$/i.test(last);
  if (/^\dx$/i.test(before) && /^(?:png|jpe?g|gif|webp|avif|svg)$/i.test(last)) return false;
  if (/^[a-z]$/i.test(last)) return !/^v?\d/i.test(before);
  return /^\p{L}[\p{L}\p{N}\p{M}-]*$/u.test(last);
}

/** Where the local part before the `@` begins; `at` where there is none. */
function localPartStart(text: string, at: number, floor: number): number {
  let from = at;
  const before = text[at - 1];
  if (before === '"') return quotedStart(text, at, floor, '"');
  if (before === ')') from = quotedStart(text, at, floor, '(');
  const start = runStart(text, from, floor, usual);
  const whole = start === from ? runStart(text, from, floor, permitted) : start;
  return whole === from ? from : whole + (/^[.'’-]+/.exec(text.slice(whole, from - 1))?.[0].length ?? 0);
}

function quotedStart(text: string, at: number, floor: number, opener: string): number {
  const start = text.lastIndexOf(opener, at - 2);
  const isNear = start >= Math.max(floor, at - longestQuoted) && start < at - 1;
  return isNear && !text.slice(start, at).includes('\n') ? start : at;
}

function runStart(text: string, from: number, floor: number, allowed: RegExp): number {
  let start = from;
  while (start > floor) {
    const low = text.charCodeAt(start - 1);
    const width = low >= 0xdc00 && low <= 0xdfff && start - 2 >= floor ? 2 : 1;
    if (!allowed.test(text.slice(start - width, start))) break;
    start -= width;
  }
  return start;
}

function isSupport(text: string, start: number, end: number, supportEmail: string | undefined): boolean {
  if (supportEmail === undefined) return false;
  const address = text.slice(start, end).toLowerCase();
  if (address.endsWith(supportEmail) && unspacedAtEnd.test(address.slice(0, -supportEmail.length))) return true;
  if (address !== supportEmail) return false;
  return start === 0 || !/[!#$%&?^~/]/.test(text[start - 1] ?? '');
}

const unspacedAtEnd = new RegExp(`${unspacedLetter}$`, 'u');
