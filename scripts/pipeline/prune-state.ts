import { isDeepStrictEqual } from 'node:util';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { pruneProbes, pruneUptime } from '../../lib/policy/retention.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import type { ProbeRecord } from '../../lib/schema/state.ts';
import { hoursIn } from '../cli/future-aside.ts';
import { untilFresh } from './fold-into-state.ts';

/** What was forgotten: how many raw results, how many hours, and which probes. */
export interface Forgotten {
  readonly results: number;
  readonly hours: number;
  /** Probes that are asked no more. */
  readonly probes: readonly string[];
}

/**
 * Take out of the state what is older than it is kept. Hourly figures are derived and kept first, so that nothing is lost
 * with the results, also where this is cut off.
 */
export function pruneState(store: StateStore, now: Date): Promise<Forgotten> {
  return untilFresh(async () => {
    const [probes, uptime] = await Promise.all([store.read('probes'), store.read('uptime')]);
    const derived = probes === undefined ? uptime?.value : deriveUptime(uptime?.value, probes.value);
    const kept = derived && pruneUptime(derived, now);
    if (kept !== undefined && !isDeepStrictEqual(kept, uptime?.value))
      await store.write('uptime', kept, uptime?.version);
    const after = probes && pruneProbes(probes.value, now);
    if (after !== undefined && after !== probes?.value) await store.write('probes', after, probes?.version);
    const present = new Set(after?.probes.map(({ probe }) => probe));
    const records = probes?.value.probes ?? [];
    return {
      results: resultsIn(records) - resultsIn(after?.probes ?? []),
      hours: hoursIn(derived) - hoursIn(kept),
      probes: [...new Set(records.map(({ probe }) => probe))].filter((probe) => !present.has(probe)),
    };
  });
}

function resultsIn(records: readonly ProbeRecord[]): number {
  return records.reduce((sum, { results }) => sum + results.length, 0);
}
