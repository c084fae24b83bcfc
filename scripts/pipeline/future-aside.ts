import { isDeepStrictEqual } from 'node:util';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { uptimeWithoutFuture, withoutFuture } from '../../lib/policy/retention.ts';
import { deriveUptime } from '../../lib/policy/uptime.ts';
import type { UptimeState } from '../../lib/schema/state.ts';
import { untilFresh } from './fold-into-state.ts';

/** What was dated later than now, and the file that keeps it; no file where there was nothing. */
export interface FutureAside {
  readonly results: number;
  readonly hours: number;
  readonly file: string | undefined;
}

/**
 * Take what is dated later than now out of the measurements, and keep it in a file of the state's `set-aside`, which is
 * written first.
 */
export function setFutureAside(store: StateStore, now: Date): Promise<FutureAside> {
  return untilFresh(async () => {
    const [probes, uptime] = await Promise.all([store.read('probes'), store.read('uptime')]);
    const past = probes && withoutFuture(probes.value, now);
    const pastUptime = uptime && uptimeWithoutFuture(uptime.value, now);
    const isUptimeSame = isDeepStrictEqual(pastUptime, uptime?.value);
    if ((past === undefined || past.state === probes?.value) && isUptimeSame) {
      return { results: 0, hours: 0, file: undefined };
    }
    const pending = (probes?.value.pending ?? []).filter((one) => past?.state.pending.includes(one) !== true);
    const removed = past?.removed ?? [];
    const kept = {
      put_aside_at: now.toISOString(),
      probes: removed,
      pending,
      uptime: isUptimeSame ? null : uptime?.value,
    };
    const file = await store.keepAside('future', `${JSON.stringify(kept)}\n`, now);
    // The hours first: they are derived from what is left, and whoever is cut off in between does all of it again.
    const derived = past === undefined ? pastUptime : deriveUptime(pastUptime, past.state);
    if (derived !== undefined) await store.write('uptime', derived, uptime?.version);
    if (past !== undefined) await store.write('probes', past.state, probes?.version);
    const results = removed.reduce((sum, record) => sum + record.results.length, 0);
    return { results, hours: hoursIn(uptime?.value) - hoursIn(pastUptime), file };
  });
}

/** How many hours the buckets of all components cover. */
export function hoursIn(uptime: UptimeState | undefined): number {
  return (uptime?.components ?? []).reduce((sum, { hours }) => sum + hours.operational.length, 0);
}
