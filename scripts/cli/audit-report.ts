import { Failure } from '../../lib/adapters/failure.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { visible } from '../../lib/content/report.ts';
import { verifyLog } from '../../lib/policy/audit-chain.ts';
import type { AuditFinding } from '../../lib/policy/audit-findings.ts';
import { AuditEntry } from '../../lib/schema/audit.ts';
import { formatInstant } from '../../lib/schema/instant.ts';
import type { AuditHead } from '../../lib/schema/state.ts';
import type { Context } from './context.ts';

/** What `audit verify` says, and whether the log is whole. */
export async function verifyAudit(
  store: StateStore,
  format: Context['format'],
): Promise<{ readonly report: string; readonly isWhole: boolean }> {
  // The head first: a log that goes on meanwhile is ahead of it, and not cut off.
  const head = (await store.read('audit-head'))?.value;
  const text = await store.readLog();
  const findings = verifyLog(text, head);
  const verdict = { entries: text.split('\n').length - 1, head: head ?? null, findings };
  return { report: reports[format](verdict, store.place), isWhole: findings.length === 0 };
}

interface Verdict {
  readonly entries: number;
  readonly head: AuditHead | null;
  readonly findings: readonly AuditFinding[];
}

const reports: Readonly<Record<Context['format'], (verdict: Verdict, place: string) => string>> = {
  text: textReport,
  json: ({ entries, head, findings }) => {
    const list = findings.map(({ fault, seq, line = null, message }) => ({ fault, seq, line, message }));
    return `${JSON.stringify({ entries, head, findings: list }, null, 2)}\n`;
  },
  github: ({ findings }) => findings.map(({ message }) => `::error title=audit log::${message}\n`).join(''),
};

function textReport({ entries, head, findings }: Verdict, place: string): string {
  if (findings.length > 0) {
    const lines = findings.map(({ line, message }) => `  ${line === undefined ? 'end' : `line ${line}`}: ${message}`);
    return `The audit log in ${place} is not whole:\n\n${lines.join('\n')}\n\ndocs/audit.md says what to do.\n`;
  }
  if (entries === 0) return `The audit log in ${place} has no entry yet.\n`;
  const ahead = entries - (head?.seq ?? 0);
  const whole = `The audit log in ${place} is whole: ${count(entries)}.\n`;
  const newest = head === null ? '' : `Entry ${head.seq} has the hash ${head.hash}\n`;
  const later = ahead === 0 ? '' : `${count(ahead)} after that; whoever wrote it was cut off before the state knew.\n`;
  return whole + newest + later;
}

/** The entries of the log, one a line, or as JSON; those of one subject or since an instant where that is asked for. */
export async function listAudit(store: StateStore, wanted: Wanted, format: Context['format']): Promise<string> {
  const { subject, since } = wanted;
  const lines = (await store.readLog()).split('\n').slice(0, -1);
  const entries = lines
    .map((line, i) => entryIn(line, i + 1))
    .filter((entry) => {
      return (
        (subject === undefined || entry.subject === subject) && (since === undefined || new Date(entry.at) >= since)
      );
    });
  if (format === 'json') return `${JSON.stringify(entries, null, 2)}\n`;
  return entries.map((entry) => `${lineOf(entry)}\n`).join('');
}

/** Which entries are listed. */
export interface Wanted {
  readonly subject?: string;
  readonly since?: Date;
}

function entryIn(line: string, number: number): AuditEntry {
  try {
    return AuditEntry.parse(JSON.parse(line));
  } catch (cause) {
    const fix = '`candor audit verify` says what is wrong with the log.';
    throw new Failure(`Line ${number} of the audit log is no entry that this Candor understands.`, { fix, cause });
  }
}

function lineOf({ at, action, subject, who, before, after }: AuditEntry): string {
  const change = [before, after].flatMap((fields) => (fields === null ? [] : fieldsText(fields)));
  return visible([formatInstant(new Date(at)), action, subject, `by ${who}`, change.join(' -> ')].join('  ').trimEnd());
}

function fieldsText(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${/[\s,]/.test(value) ? JSON.stringify(value) : value}`)
    .join(', ');
}

function count(entries: number): string {
  return entries === 1 ? '1 entry' : `${entries.toLocaleString('en')} entries`;
}
