import { recordFacts } from '../../lib/adapters/audit-log.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { transitionFacts } from '../../lib/policy/audit-facts.ts';
import type { Transition } from '../../lib/schema/state.ts';
import { untilFresh } from './fold-into-state.ts';
import type { ProbePlan } from './probe-plan.ts';

/** Tell the audit log what a run and the content have changed. */
export async function recordChanges(
  store: StateStore,
  _plan: ProbePlan,
  { clock }: { readonly clock: () => Date },
): Promise<void> {
  await recordTransitions(store, clock());
}

/**
 * Tell the audit log of every component that changed, also where an earlier run was killed before it did, and strike out
 * what stands there. The same change is told once, whoever tells it again.
 */
async function recordTransitions(store: StateStore, now: Date): Promise<void> {
  const told = (await store.read('probes'))?.value.pending ?? [];
  if (told.length === 0) return;
  await recordFacts(store, transitionFacts(told), now);
  const known = new Set(told.map(identity));
  await untilFresh(async () => {
    const stored = await store.read('probes');
    if (stored === undefined) return;
    const pending = stored.value.pending.filter((one) => !known.has(identity(one)));
    await store.write('probes', { ...stored.value, pending }, stored.version);
  });
}

function identity({ component, before, after, known_at: knownAt }: Transition): string {
  return `${component} ${before} ${after} ${knownAt}`;
}
