import type { AuditFact } from '../schema/audit.ts';
import type { AuditHead } from '../schema/state.ts';
import { type AuditFinding, findingsIn } from './audit-findings.ts';
import { idJsonOf, lineOf, linesOf, noPrevious } from './audit-line.ts';

/** Lines to append to a log, each ending in a line feed, how many they are, and its newest entry after them (none: it is empty). */
export interface NewEntries {
  readonly lines: string;
  readonly count: number;
  readonly head: AuditHead | undefined;
}

/**
 * The lines that tell `facts` in a log that says `present` so far. A fact whose id stands in the log already, or was
 * named before in `facts`, is left out. The log must be sound, see `damageOf`.
 */
export function entryLines(present: string, facts: readonly AuditFact[], at: Date): NewEntries {
  const told = new Set<string>();
  let head: AuditHead | undefined;
  for (const { entry } of linesOf(present)) {
    if (entry === undefined) throw new Error('The audit log was to be looked at before it is written to.');
    told.add(entry.idJson);
    head = { seq: entry.seq, hash: entry.hash };
  }
  const lines: string[] = [];
  for (const fact of facts) {
    const id = idJsonOf(fact.id);
    if (told.has(id)) continue;
    told.add(id);
    const seq: number = (head?.seq ?? 0) + 1;
    const { line, hash } = lineOf(fact, { seq, at, previous: head?.hash ?? noPrevious });
    lines.push(`${line}\n`);
    head = { seq, hash };
  }
  return { lines: lines.join(''), count: lines.length, head };
}

/** Everything that is wrong with a log, in its order; `head` is the newest entry that the state knows of. */
export function verifyLog(text: string, head: AuditHead | undefined): AuditFinding[] {
  return findingsIn(linesOf(text), head);
}

/** The first thing that is wrong with a log: nothing may be appended then, lest it look as if the rest were right. */
export function damageOf(text: string, head: AuditHead | undefined): AuditFinding | undefined {
  return findingsIn(linesOf(text), head)[0];
}
