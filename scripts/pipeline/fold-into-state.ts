import { StaleState, type StateStore } from '../../lib/adapters/state/state-store.ts';
import { foldRun, newestResultAt, type ProbeRun, type RunResult } from '../../lib/policy/probe-run.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import type { UnmeasuredReason } from '../../lib/schema/sample.ts';
import type { ProbeRecord, ProbesState } from '../../lib/schema/state.ts';
import { ProblemsFound } from '../cli/errors.ts';

/** What a run adds to the state. */
export interface RunToFold extends ProbeRun {
  /** Why a probe of the state that the run did not ask is unmeasured, where it still speaks for its component. */
  readonly keeps: (probe: string) => UnmeasuredReason | undefined;
}

/** The state before a run and after it. */
export interface Folded {
  readonly before: ProbesState | undefined;
  readonly after: ProbesState;
}

/** How often a document is read again because somebody else wrote it in the meantime. */
const tries = 10;

/**
 * Fold a run into the document `probes`, in one atomic write, and derive `uptime` from it. Where somebody else wrote since
 * it was read, it is read and folded again: samples are never taken twice. `clock` tells what time it is now.
 */
export async function foldIntoState(store: StateStore, run: RunToFold, clock: () => Date): Promise<Folded> {
  const folded = await untilFresh(async () => {
    const stored = await store.read('probes');
    const at = instantOf(run.at, stored?.value, clock());
    const results = [...run.results, ...keptResults(stored?.value, run)];
    const after = foldRun(stored?.value, { at, intervalSeconds: run.intervalSeconds, results });
    await store.write('probes', after, stored?.version);
    return { before: stored?.value, after };
  });
  await updateUptime(store);
  return folded;
}

/** Do again what was decided on a document that somebody else replaced; gives up after a while. */
export async function untilFresh<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StaleState) || tried === tries) throw error;
    }
  }
}

/** Refuses a clock that is behind the state, before anything is asked. */
export function refuseSteppedClock(state: ProbesState | undefined, now: Date): void {
  const newest = state === undefined ? undefined : newestResultAt(state);
  if (newest === undefined || newest <= now) return;
  throw new ProblemsFound('No probe was asked, and nothing was changed:', [
    {
      file: 'state/probes.json',
      line: 1,
      column: 1,
      rule: 'clock-stepped-back',
      severity: 'error',
      message: `Its newest result is of ${newest.toISOString()}, and the clock says ${now.toISOString()}.`,
      fix: 'Correct the clock. Where the state is wrong, `candor prune --future` sets aside what is later than now.',
    },
  ]);
}

/** A run that began before the newest result, which somebody else wrote in the meantime, is told of right after it. */
function instantOf(began: Date, state: ProbesState | undefined, now: Date): Date {
  refuseSteppedClock(state, now);
  const newest = state === undefined ? undefined : newestResultAt(state);
  return newest !== undefined && newest > began ? newest : began;
}

function keptResults(state: ProbesState | undefined, { results, keeps }: RunToFold): RunResult[] {
  const asked = new Set(results.map(({ probe }) => probe));
  const newest = new Map<string, ProbeRecord>();
  for (const record of state?.probes ?? []) {
    const known = newest.get(record.probe);
    if (known === undefined || lastAt(record) > lastAt(known)) newest.set(record.probe, record);
  }
  return [...newest.values()].flatMap(({ probe, component, on_failure: onFailure }) => {
    const reason = asked.has(probe) ? undefined : keeps(probe);
    if (reason === undefined) return [];
    return [{ probe, component, onFailure, maintenance: false, sample: { kind: 'unmeasured', reason } }];
  });
}

function lastAt({ results }: ProbeRecord): number {
  return results.at(-1)?.[0] ?? 0;
}

async function updateUptime(store: StateStore): Promise<void> {
  await untilFresh(async () => {
    const [probes, uptime] = await Promise.all([store.read('probes'), store.read('uptime')]);
    if (probes === undefined) return;
    await store.write('uptime', deriveUptime(uptime?.value, probes.value), uptime?.version);
  });
}
