import { damageOf, entryLines } from '../policy/audit-chain.ts';
import { createdFacts } from '../policy/state-history.ts';
import type { AuditFact } from '../schema/audit.ts';
import type { AuditHead } from '../schema/state.ts';
import { BrokenState, StaleState, type StateStore } from './state/state-store.ts';

/**
 * Write facts to the audit log, each once whoever tells it again; resolves to how many were new. Documents of the state
 * that are there and of which the log does not know yet are told as well. Refused
 * (`BrokenState`) where anything is wrong with the log: nothing is papered over.
 */
export async function recordFacts(store: StateStore, facts: readonly AuditFact[], now: Date): Promise<number> {
  if (facts.length === 0) return 0;
  const known = (await store.read('audit-head'))?.value;
  let count = 0;
  let head: AuditHead | undefined;
  await store.appendLog((present, documents) => {
    const damage = damageOf(present, known);
    if (damage !== undefined) throw brokenLog(store, damage.message);
    const created = createdFacts(present, documents);
    const entries = entryLines(present, [...created, ...facts], now);
    count = entries.count - created.length;
    head = entries.head;
    return entries.lines;
  });
  if (head !== undefined) await moveHead(store, head);
  return count;
}

const patience = 50;

/** The head goes to `head`, and never back: another process may have gone further. */
async function moveHead(store: StateStore, head: AuditHead): Promise<void> {
  for (let tries = 1; ; tries++) {
    const stored = await store.read('audit-head');
    if (stored !== undefined && stored.value.seq >= head.seq) return;
    try {
      await store.write('audit-head', head, stored?.version);
      return;
    } catch (error) {
      if (!(error instanceof StaleState) || tries === patience) throw error;
    }
  }
}

function brokenLog(store: StateStore, message: string): BrokenState {
  return new BrokenState(`The audit log in ${store.place} is damaged, so nothing was written to it. ${message}`, {
    fix: '`candor audit verify` says everything that is wrong; docs/audit.md says how to repair it.',
  });
}
