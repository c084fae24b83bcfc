import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { pruneProbes, pruneUptime } from '../../lib/policy/retention.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import { untilFresh } from './fold-into-state.ts';

/** Take out of the state what is older than it is kept. Buckets are derived first from the results that go. */
export async function pruneState(store: StateStore, now: Date): Promise<void> {
  await untilFresh(async () => {
    const [probes, uptime] = await Promise.all([store.read('probes'), store.read('uptime')]);
    if (probes === undefined) return;
    await store.write('uptime', pruneUptime(deriveUptime(uptime?.value, probes.value), now), uptime?.version);
    await store.write('probes', pruneProbes(probes.value, now), probes.version);
  });
}
