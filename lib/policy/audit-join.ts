import { AuditEntry, AuditFact } from '../schema/audit.ts';
import type { AuditHead } from '../schema/state.ts';
import { idJsonOf, lineOf, linesOf, noPrevious } from './audit-line.ts';

/** The log of two writers that went on from the same one, and how many entries of ours were chained anew after theirs. */
export interface JoinedLog {
  readonly text: string;
  readonly joined: number;
  /** The newest entry, where entries were chained anew. */
  readonly head: AuditHead | undefined;
}

/**
 * One log that tells everything which either tells. Where one continues the other it is that one; else what ours alone
 * tells is chained anew after theirs, each fact once by its id and with the instant at which it was recorded.
 */
export function joinLogs(ours: string, theirs: string): JoinedLog {
  if (ours.startsWith(theirs)) return { text: ours, joined: 0, head: undefined };
  if (theirs.startsWith(ours)) return { text: theirs, joined: 0, head: undefined };
  const told = new Set<string>();
  let head: AuditHead | undefined;
  for (const { entry } of linesOf(theirs)) {
    if (entry === undefined) throw new Error('The audit logs were to be looked at before they are joined.');
    told.add(entry.idJson);
    head = { seq: entry.seq, hash: entry.hash };
  }
  const lines: string[] = [];
  for (const line of ours.split('\n').filter((one) => one !== '')) {
    const { seq: _seq, at, previous: _previous, hash: _hash, ...fact } = AuditEntry.parse(JSON.parse(line));
    if (told.has(idJsonOf(fact.id))) continue;
    const seq: number = (head?.seq ?? 0) + 1;
    const added = lineOf(AuditFact.parse(fact), { seq, at: new Date(at), previous: head?.hash ?? noPrevious });
    head = { seq, hash: added.hash };
    lines.push(`${added.line}\n`);
  }
  return { text: theirs + lines.join(''), joined: lines.length, head };
}

/** The newest entry that both logs have at the same place; `undefined` where they differ from the first on. */
export function commonHead(one: string, other: string): AuditHead | undefined {
  let end = 0;
  while (end < one.length && one[end] === other[end]) end += 1;
  let head: AuditHead | undefined;
  for (const { entry } of linesOf(one.slice(0, one.lastIndexOf('\n', end - 1) + 1))) {
    if (entry !== undefined) head = { seq: entry.seq, hash: entry.hash };
  }
  return head;
}
