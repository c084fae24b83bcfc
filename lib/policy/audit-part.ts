import { AuditEntry } from '../schema/audit.ts';
import { jsonOf } from '../schema/json-text.ts';

/** Some entries of the audit log, newest first, and where the older ones go on. */
export interface AuditPart {
  readonly entries: readonly AuditEntry[];
  /** For `before` of the next part; absent where there are no older entries. */
  readonly next?: number;
}

/**
 * The newest `limit` entries before the one numbered `before`, of the log's text; `undefined` where one of them is no
 * entry that this Candor understands.
 */
export function auditPart(
  log: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): AuditPart | undefined {
  const lines = log.split('\n').slice(0, -1);
  const end = Math.min(lines.length, before === undefined ? lines.length : before - 1);
  const begin = Math.max(0, end - limit);
  const entries: AuditEntry[] = [];
  for (const line of lines.slice(begin, end).reverse()) {
    const entry = AuditEntry.safeParse(jsonOf(line));
    if (!entry.success) return undefined;
    entries.push(entry.data);
  }
  return begin === 0 ? { entries } : { entries, next: begin + 1 };
}
