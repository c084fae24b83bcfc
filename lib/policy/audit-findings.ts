import type { AuditHead } from '../schema/state.ts';
import { type ChainLink, type LogLine, noPrevious, sealOf } from './audit-line.ts';

/** What can be wrong at a place of the log. */
export type AuditFault =
  | 'changed'
  | 'unreadable'
  | 'torn'
  | 'removed'
  | 'moved'
  | 'repeated'
  | 'unlinked'
  | 'replaced'
  | 'cut-off'
  | 'missing';

/** One thing that is wrong with a log: which entry by its number, on which line (none: past the end), and what. */
export interface AuditFinding {
  readonly fault: AuditFault;
  readonly seq: number;
  readonly line: number | undefined;
  readonly message: string;
}

/** Everything that is wrong with the lines of a log, in its order; `head` is the newest entry that the state knows of. */
export function findingsIn(lines: Iterable<LogLine>, head: AuditHead | undefined): AuditFinding[] {
  const judged = [...lines].map(judge);
  const seqs = new Set(judged.flatMap(({ link }) => link?.seq ?? []));
  const walk: Walk = { expected: 1, previous: noPrevious, hashes: new Map(), findings: [] };
  for (const [i, line] of judged.entries()) {
    const next = judged.slice(i + 1, i + 1 + lookAhead).find(({ link }) => link !== undefined)?.link?.seq;
    if (line.link === undefined) passBadLine(walk, line, next);
    else if (line.link.seq === walk.expected) passEntry(walk, line, line.link);
    else passStranger(walk, line, line.link, { next, elsewhere: seqs.has(walk.expected) });
  }
  return [...walk.findings, ...atTheEnd(walk, judged.length, head)];
}

const lookAhead = 3;

/** A line, and either its place in the chain or what is wrong with the line alone. */
interface Judged {
  readonly number: number;
  readonly link: ChainLink | undefined;
  readonly fault: 'changed' | 'unreadable' | 'torn' | undefined;
}

/** How far the walk along the log has come: the number that belongs next, and the hash that it was written after, where known. */
interface Walk {
  expected: number;
  previous: string | undefined;
  readonly hashes: Map<number, string>;
  readonly findings: AuditFinding[];
}

function judge({ number, whole, entry }: LogLine): Judged {
  if (!whole) return { number, link: undefined, fault: 'torn' };
  if (entry === undefined) return { number, link: undefined, fault: 'unreadable' };
  if (sealOf(entry.sealed) !== entry.hash) return { number, link: undefined, fault: 'changed' };
  return { number, link: entry, fault: undefined };
}

function passEntry(walk: Walk, { number }: Judged, { seq, previous, hash }: ChainLink): void {
  if (walk.previous !== undefined && previous !== walk.previous) {
    const before = seq - 1;
    report(
      walk,
      'unlinked',
      Math.max(before, 1),
      number,
      before === 0
        ? 'Entry 1 names an entry before it; there is none.'
        : `Entry ${seq} was not written after the entry ${before} that stands before it: one of the two was exchanged.`,
    );
  }
  step(walk, seq, hash);
}

const badLines = {
  changed: (seq: number) => `Entry ${seq} was changed: what it says does not belong to its hash.`,
  unreadable: (seq: number) => `Where entry ${seq} belongs stands something that is no entry.`,
  torn: (seq: number) => `Entry ${seq} is torn: the log ends in the middle of it.`,
} as const;

function passBadLine(walk: Walk, { number, fault }: Judged, next: number | undefined): void {
  const seq = walk.expected;
  if (fault !== undefined) report(walk, fault, seq, number, badLines[fault](seq));
  if (fault === 'torn' || next === seq) return;
  walk.expected = seq + 1;
  walk.previous = undefined;
}

/** An entry where another one belongs: something is gone, out of its order, or there twice. */
function passStranger(
  walk: Walk,
  { number }: Judged,
  { seq, hash }: ChainLink,
  around: { readonly next: number | undefined; readonly elsewhere: boolean },
): void {
  const wanted = walk.expected;
  if (seq < wanted) {
    report(walk, 'repeated', seq, number, `Entry ${seq} stands where entry ${wanted} belongs.`);
  } else if (around.elsewhere) {
    report(walk, 'moved', wanted, number, `Where entry ${wanted} belongs stands entry ${seq}.`);
  } else {
    const gone = seq - wanted === 1 ? `Entry ${wanted} is` : `Entries ${wanted} to ${seq - 1} are`;
    report(walk, 'removed', wanted, number, `${gone} missing: entry ${seq} stands there.`);
  }
  if (around.next === wanted) return;
  if (around.next === wanted + 1) {
    walk.expected = wanted + 1;
    walk.previous = undefined;
  } else if (seq > wanted) step(walk, seq, hash);
}

function step(walk: Walk, seq: number, hash: string): void {
  walk.expected = seq + 1;
  walk.previous = hash;
  walk.hashes.set(seq, hash);
}

/** What the state knows of the newest entry, held against the end of the log. */
function atTheEnd({ expected, hashes }: Walk, lineCount: number, head: AuditHead | undefined): AuditFinding[] {
  if (head === undefined) return [];
  const last = expected - 1;
  if (lineCount === 0) {
    return [{ fault: 'missing', seq: 1, line: undefined, message: `The log is missing; it had ${entries(head.seq)}.` }];
  }
  if (last < head.seq) {
    const gone = head.seq - last === 1 ? `Entry ${head.seq} is` : `Entries ${last + 1} to ${head.seq} are`;
    const message = `${gone} missing: the log was cut off at its end.`;
    return [{ fault: 'cut-off', seq: last + 1, line: undefined, message }];
  }
  const hash = hashes.get(head.seq);
  if (hash === undefined || hash === head.hash) return [];
  const message = `Entry ${head.seq} is not the one that was written: the state knows it by another hash.`;
  return [{ fault: 'replaced', seq: head.seq, line: undefined, message }];
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function report(walk: Walk, fault: AuditFault, seq: number, line: number, message: string): void {
  walk.findings.push({ fault, seq, line, message });
}
