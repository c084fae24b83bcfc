import { jsonOf } from '../schema/json-text.ts';
import { ExportedLine, type StoredSubscriptions, subscriptionFormat } from '../schema/stored-subscription.ts';
import { inconsistency } from './store/stored-records.ts';

/** What is wrong with one line of an export; quotes nothing of it. */
export interface LineFault {
  readonly line: number;
  readonly message: string;
}

/** What lines come to: everything that was exported, or at least one fault. */
export type ExportReading =
  | { readonly kind: 'content'; readonly content: StoredSubscriptions }
  | { readonly kind: 'faults'; readonly faults: readonly LineFault[] };

/** Everything as JSON lines, the head first. Addresses stay encrypted. */
export function* exportedLines(content: StoredSubscriptions): Generator<string> {
  const { format, key, page, seen, announcements, subscribers, mails } = content;
  yield lineOf({ kind: 'head', format, key, ...(page === undefined ? {} : { page }) });
  for (const one of seen) yield lineOf({ kind: 'seen', ...one });
  for (const one of announcements) yield lineOf({ kind: 'announcement', ...one });
  for (const one of subscribers) yield lineOf({ kind: 'subscriber', ...one });
  for (const one of mails) yield lineOf({ kind: 'mail', ...one });
}

/** Read what was exported: every line must be right, and all of them must belong together. */
export function readExport(text: string): ExportReading {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const faults: LineFault[] = [];
  const read: ExportedLine[] = [];
  for (const [at, line] of lines.entries()) {
    const { data, error } = ExportedLine.safeParse(jsonOf(line));
    if (data === undefined) faults.push({ line: at + 1, message: faultOf(line, error) });
    else if ((data.kind === 'head') !== (at === 0)) faults.push({ line: at + 1, message: misplaced(data) });
    else read.push(data);
  }
  if (lines.length === 0) faults.push({ line: 1, message: 'is missing: an export begins with its head' });
  if (faults.length > 0) return { kind: 'faults', faults };
  const content = contentOf(read);
  const fault = inconsistency(content);
  return fault === undefined
    ? { kind: 'content', content }
    : { kind: 'faults', faults: [{ line: lines.length, message: `ends a file that ${fault}` }] };
}

function lineOf(line: ExportedLine): string {
  return `${JSON.stringify(line)}\n`;
}

function faultOf(
  line: string,
  error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] },
): string {
  if (jsonOf(line) === undefined) return 'is no JSON';
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  return `is of another shape${where}: ${issue?.message ?? 'unknown'}`;
}

function misplaced({ kind }: ExportedLine): string {
  return kind === 'head' ? 'is a second head' : 'is no head, with which an export begins';
}

function contentOf(lines: readonly ExportedLine[]): StoredSubscriptions {
  const content: StoredSubscriptions = { format: subscriptionFormat, key: '', ...emptyLists() };
  for (const line of lines) add(content, line);
  return content;
}

function emptyLists(): Pick<StoredSubscriptions, 'seen' | 'announcements' | 'subscribers' | 'mails'> {
  return { seen: [], announcements: [], subscribers: [], mails: [] };
}

function add(content: StoredSubscriptions, line: ExportedLine): void {
  switch (line.kind) {
    case 'head':
      content.key = line.key;
      if (line.page !== undefined) content.page = line.page;
      return;
    case 'seen':
      content.seen.push(withoutKind(line));
      return;
    case 'announcement':
      content.announcements.push(withoutKind(line));
      return;
    case 'subscriber':
      content.subscribers.push(withoutKind(line));
      return;
    case 'mail':
      content.mails.push(withoutKind(line));
      return;
  }
}

function withoutKind<T extends { kind: string }>({ kind: _kind, ...record }: T): Omit<T, 'kind'> {
  return record;
}
