import { createHash } from 'node:crypto';
import type { AuditFact } from '../schema/audit.ts';

/** What `previous` of the first entry says: there is none. */
export const noPrevious = '0'.repeat(64);

/** One line of a log as it was found: what it says of its place in the chain, or nothing where it is no entry. */
export interface LogLine {
  /** Counts from 1. */
  readonly number: number;
  /** Whether it ends in a line feed; only the last line may lack it, and then it is torn. */
  readonly whole: boolean;
  readonly entry: ChainLink | undefined;
}

/** An entry's place in the chain. */
export interface ChainLink {
  readonly seq: number;
  /** The id as JSON, in its quotes. */
  readonly idJson: string;
  readonly previous: string;
  readonly hash: string;
  /** All that stands before `hash` in the line. */
  readonly sealed: string;
}

/** A fact as a line of the log, without its line feed. It is of ASCII characters alone, so that every byte of it is a character. */
export function lineOf(
  fact: AuditFact,
  place: { readonly seq: number; readonly at: Date; readonly previous: string },
): {
  readonly line: string;
  readonly hash: string;
} {
  const { id, action, who, subject, before, after } = fact;
  const entry = {
    seq: place.seq,
    at: place.at.toISOString(),
    id,
    action,
    who,
    subject,
    before: inOrder(before),
    after: inOrder(after),
    previous: place.previous,
  };
  const sealed = ascii(JSON.stringify(entry).slice(0, -1));
  const hash = sealOf(sealed);
  return { line: `${sealed},"hash":"${hash}"}`, hash };
}

/** The hash that belongs behind a line's beginning. */
export function sealOf(sealed: string): string {
  return createHash('sha256').update(sealed, 'latin1').digest('hex');
}

/** An id as the log writes it, in its quotes. */
export function idJsonOf(id: string): string {
  return ascii(JSON.stringify(id));
}

/** The lines of a log, one after the other. */
export function* linesOf(text: string): Generator<LogLine> {
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end);
    number++;
    yield { number, whole: end !== -1, entry: linkIn(line) };
    start = end === -1 ? text.length : end + 1;
  }
}

const form =
  /^(\{"seq":([1-9]\d{0,14}),"at":"[^"]{20,30}","id":("(?:[^"\\]|\\.)*"),"action":[^\n]*,"previous":"([0-9a-f]{64})"),"hash":"([0-9a-f]{64})"\}$/;

function linkIn(line: string): ChainLink | undefined {
  const [whole, sealed = '', seq = '', idJson = '', previous = '', hash = ''] = form.exec(line) ?? [];
  return whole === undefined ? undefined : { seq: Number(seq), idJson, previous, hash, sealed };
}

/** Keys in the order of the alphabet, so that one fact has one form. */
function inOrder(fields: AuditFact['before']): AuditFact['before'] {
  if (fields === null) return null;
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ascii(json: string): string {
  return json.replace(/[^\u0020-\u007E]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
