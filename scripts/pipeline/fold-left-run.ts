import { type FinishedPart, readLeftRun, removeJournal, setJournalAside } from '../../lib/adapters/run-journal.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { newestResultAt, type RunResult } from '../../lib/policy/probe-run.ts';
import { judgeRun, thisMachine } from '../../lib/policy/runner-offline.ts';
import type { UnmeasuredReason } from '../../lib/schema/sample.ts';
import { foldIntoState } from './fold-into-state.ts';

/** Where a killed run may have left its journal. */
export interface LeftRunPlace {
  readonly store: StateStore;
  readonly journalFolder: string | undefined;
  readonly clock: () => Date;
}

/** Why a probe that the run did not ask is kept in the state; `undefined` where it is not. */
export type Keeps = (probe: string) => UnmeasuredReason | undefined;

/**
 * Fold what a killed run had finished into the state, at its own instant, once; what it had not is `cut_off`. Resolves to
 * what an operator should know of it.
 */
export async function foldLeftRun(
  { store, journalFolder: folder, clock }: LeftRunPlace,
  keeps: Keeps,
): Promise<string[]> {
  const left = folder === undefined ? undefined : readLeftRun(folder);
  if (folder === undefined || left === undefined) return [];
  if (left.kind === 'foreign') return [`${setJournalAside(folder, clock())} is no journal of a run; it is not used.`];
  const notes = left.kind === 'unbegun' ? ['An earlier run was cut off before it asked anything.'] : [];
  if (left.kind === 'run') {
    const at = new Date(left.head.at);
    if (at > clock()) {
      return [
        `An earlier run is dated ${at.toISOString()}, later than now; it is kept in ${setJournalAside(folder, clock())}.`,
      ];
    }
    const newest = (await store.read('probes'))?.value;
    const isFolded = newest !== undefined && (newestResultAt(newest) ?? new Date(0)) >= at;
    if (!isFolded) notes.push(await fold(left, { at, keeps }, store, clock));
  }
  removeJournal(folder);
  return notes;
}

async function fold(
  left: FinishedPart,
  { at, keeps }: { readonly at: Date; readonly keeps: Keeps },
  store: StateStore,
  clock: () => Date,
): Promise<string> {
  const { head, samples, connectivity, damage } = left;
  const asked = head.asked.map(({ site }, index) => ({
    site: site === undefined ? thisMachine : String(site),
    sample: samples[index] ?? ({ kind: 'unmeasured', reason: 'cut_off' } as const),
  }));
  const judged = judgeRun(asked, connectivity);
  const results = head.asked.flatMap(({ probe, component, on_failure: onFailure, maintenance }, index): RunResult[] => {
    const sample = judged[index];
    return sample === undefined ? [] : [{ probe, component, onFailure, maintenance, sample }];
  });
  await foldIntoState(store, { at, intervalSeconds: head.interval_seconds, results, keeps }, clock);
  const finished = samples.filter((sample) => sample !== undefined).length;
  const torn = damage === undefined ? '' : ` (${damage})`;
  return `The run of ${at.toISOString()} was cut off: what it had finished is counted, ${finished} of ${samples.length}${torn}.`;
}
