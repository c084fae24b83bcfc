import { isDeepStrictEqual } from 'node:util';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { longOverdueSince, pruneProbes, pruneUptime } from '../../lib/policy/retention.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import type { ProbeRecord, ProbesState, UptimeState } from '../../lib/schema/state.ts';
import { ProblemsFound } from '../cli/errors.ts';
import { untilFresh } from './fold-into-state.ts';
import { hoursIn } from './future-aside.ts';

/** What was forgotten: how many raw results, how many hours, and which probes. */
export interface Forgotten {
  readonly results: number;
  readonly hours: number;
  /** Probes that are asked no more. */
  readonly probes: readonly string[];
}

/**
 * Take out of the state what is older than it is kept. Hourly figures are derived and kept first, so that nothing is lost
 * with the results, also where this is cut off. Throws `ProblemsFound` where all figures are long overdue, unless the caller
 * knows that nothing was measured since then (`afterPause`).
 */
export function pruneState(store: StateStore, now: Date, afterPause = false): Promise<Forgotten> {
  return untilFresh(async () => {
    const [probes, uptime] = await Promise.all([store.read('probes'), store.read('uptime')]);
    const derived = derivedFrom(uptime?.value, probes?.value);
    const overdue = derived && longOverdueSince(derived, now);
    if (overdue !== undefined && !afterPause) throw refusal(overdue, now);
    const after = probes && pruneProbes(probes.value, now);
    const left = derived && pruneUptime(derived, now);
    // What was measured after the pause is told once what was before it is gone.
    const kept = derivedFrom(left, after);
    if (kept !== undefined && !isDeepStrictEqual(kept, uptime?.value))
      await store.write('uptime', kept, uptime?.version);
    if (after !== undefined && after !== probes?.value) await store.write('probes', after, probes?.version);
    const present = new Set(after?.probes.map(({ probe }) => probe));
    const records = probes?.value.probes ?? [];
    return {
      results: resultsIn(records) - resultsIn(after?.probes ?? []),
      hours: hoursIn(derived) - hoursIn(left),
      probes: [...new Set(records.map(({ probe }) => probe))].filter((probe) => !present.has(probe)),
    };
  });
}

function derivedFrom(before: UptimeState | undefined, probes: ProbesState | undefined): UptimeState | undefined {
  return probes === undefined ? before : deriveUptime(before, probes);
}

function refusal(newest: Date, now: Date): ProblemsFound {
  return new ProblemsFound('Nothing was forgotten:', [
    {
      file: 'state/uptime.json',
      line: 1,
      column: 1,
      rule: 'clock-far-ahead',
      severity: 'error',
      message: `All hourly figures would go: the newest is of ${newest.toISOString()}, and the clock says ${now.toISOString()}.`,
      fix: 'Correct the clock. Where nothing was measured for so long, run `candor prune --after-pause`.',
    },
  ]);
}

function resultsIn(records: readonly ProbeRecord[]): number {
  return records.reduce((sum, { results }) => sum + results.length, 0);
}
