import { rawResultHours, unconfirmedSubscriptionHours, uptimeBucketDays } from '../../lib/policy/constants.ts';
import { type FutureAside, setFutureAside } from '../pipeline/future-aside.ts';
import { type Forgotten, pruneState as prune } from '../pipeline/prune-state.ts';
import type { Context } from './context.ts';
import { pruneSubscribers } from './prune-subscribers.ts';
import { stateStoreOf } from './state-store.ts';

/** What the command line says of `prune`. */
export interface PruneOptions {
  readonly future?: true;
  readonly afterPause?: true;
}

/** Forget what is too old, and with `future` put aside what is dated later than now; what went, as text or JSON. */
export async function pruneState(context: Context, options: PruneOptions): Promise<string> {
  const store = stateStoreOf(context);
  const now = context.now();
  const aside = options.future ? await setFutureAside(store, now) : undefined;
  const forgotten = await prune(store, now, options.afterPause);
  const subscribers = await pruneSubscribers(context);
  const pruned = { ...forgotten, subscribers };
  return context.format === 'json' ? jsonReport(pruned, aside) : textReport(pruned, aside);
}

type Pruned = Forgotten & { readonly subscribers: number | 'in_use' };

function jsonReport({ results, hours, probes, subscribers }: Pruned, aside: FutureAside | undefined): string {
  const future = aside === undefined ? null : { results: aside.results, hours: aside.hours, file: aside.file ?? null };
  return `${JSON.stringify({ results, hours, probes, future, subscribers: subscribers === 'in_use' ? null : subscribers })}\n`;
}

function textReport({ results, hours, probes, subscribers }: Pruned, aside: FutureAside | undefined): string {
  const lines: string[] = [];
  if (aside?.file !== undefined) {
    lines.push(
      `Put aside ${count(aside.results, 'raw result')} and ${count(aside.hours, 'hour')} dated later than now, in ${aside.file}.`,
    );
  } else if (aside !== undefined) lines.push('Nothing is dated later than now.');
  if (results > 0) lines.push(`Forgot ${count(results, 'raw result')} older than ${rawResultHours} hours.`);
  if (hours > 0) lines.push(`Forgot ${count(hours, 'hour')} of uptime older than ${uptimeBucketDays} days.`);
  if (probes.length > 0) lines.push(`Forgot probes that are asked no more: ${probes.join(', ')}.`);
  if (subscribers === 'in_use') {
    lines.push('Left the subscribers alone: the process that has them forgets by itself who did not confirm.');
  } else if (subscribers > 0) {
    lines.push(
      `Forgot ${count(subscribers, 'subscription')} without a confirmation, ${unconfirmedSubscriptionHours} hours after the last link expired.`,
    );
  }
  const gone = results + hours + probes.length + (subscribers === 'in_use' ? 0 : subscribers);
  if (gone === 0) lines.push('Nothing is older than the policy keeps.');
  return `${lines.join('\n')}\n`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
