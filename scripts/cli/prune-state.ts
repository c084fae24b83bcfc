import { isDeepStrictEqual } from 'node:util';
import { localFolder, openState } from '../../lib/adapters/state/open-state.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { rawResultHours, uptimeBucketDays } from '../../lib/policy/constants.ts';
import { pruneProbes, pruneUptime } from '../../lib/policy/retention.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import type { ProbeRecord } from '../../lib/schema/state.ts';
import { untilFresh } from '../pipeline/fold-into-state.ts';
import type { Context } from './context.ts';
import { type FutureAside, hoursIn, setFutureAside } from './future-aside.ts';

/** What the command line says of `prune`. */
export interface PruneOptions {
  readonly future?: true;
}

/** Forget what is too old, and with `future` put aside what is dated later than now; what went, as text or JSON. */
export async function pruneState(context: Context, options: PruneOptions): Promise<string> {
  const store = openState(context.state);
  const now = context.now();
  const aside = options.future ? await setFutureAside(store, localFolder(context.state), now) : undefined;
  const forgotten = await forget(store, now);
  return context.format === 'json' ? jsonReport(forgotten, aside) : textReport(forgotten, aside);
}

interface Forgotten {
  readonly results: number;
  readonly hours: number;
  /** Probes that are asked no more. */
  readonly probes: readonly string[];
}

/** Hourly figures are derived and kept first, so that nothing is lost with the results, also where this is cut off. */
function forget(store: StateStore, now: Date): Promise<Forgotten> {
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

function jsonReport({ results, hours, probes }: Forgotten, aside: FutureAside | undefined): string {
  const future = aside === undefined ? null : { results: aside.results, hours: aside.hours, file: aside.file ?? null };
  return `${JSON.stringify({ results, hours, probes, future })}\n`;
}

function textReport({ results, hours, probes }: Forgotten, aside: FutureAside | undefined): string {
  const lines: string[] = [];
  if (aside?.file !== undefined) {
    lines.push(
      `Put aside ${count(aside.results, 'raw result')} and ${count(aside.hours, 'hour')} dated later than now, in ${aside.file}.`,
    );
  } else if (aside !== undefined) lines.push('Nothing is dated later than now.');
  if (results > 0) lines.push(`Forgot ${count(results, 'raw result')} older than ${rawResultHours} hours.`);
  if (hours > 0) lines.push(`Forgot ${count(hours, 'hour')} of uptime older than ${uptimeBucketDays} days.`);
  if (probes.length > 0) lines.push(`Forgot probes that are asked no more: ${probes.join(', ')}.`);
  if (results + hours + probes.length === 0) lines.push('Nothing is older than the policy keeps.');
  return `${lines.join('\n')}\n`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
