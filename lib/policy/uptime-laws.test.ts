import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ProbesState,
  ProbesState as ProbesStateSchema,
  type UptimeState,
  UptimeState as UptimeStateSchema,
} from '../schema/state.ts';
import { probeRuns } from '../testing/probe-histories.ts';
import { hoursOf } from './hour-buckets.ts';
import { observeResults } from './hysteresis.ts';
import { foldRun, newestResultAt } from './probe-run.ts';
import { pruneProbes } from './retention.ts';
import { deriveUptime } from './uptime.ts';

const hourMs = 60 * 60 * 1000;

interface Kept {
  readonly probes: ProbesState | undefined;
  readonly uptime: UptimeState | undefined;
}

const nothing: Kept = { probes: undefined, uptime: undefined };

test('deriving after every run, with old results dropped on the way, is deriving once at the end', () => {
  const check = fc.property(probeRuns, fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 7 }), (runs, prunes) => {
    const often = runs.reduce<Kept>(({ probes, uptime }, run, index) => {
      const folded = foldRun(probes, run);
      const derived = deriveUptime(uptime, folded);
      const pruneAt = pruneInstant(run.at, runs[index + 1]?.at, prunes[index % prunes.length] ?? 0);
      return { probes: pruneAt === undefined ? folded : pruneProbes(folded, pruneAt), uptime: derived };
    }, nothing);
    const once = runs.reduce<ProbesState | undefined>(foldRun, undefined);
    if (once === undefined || often.probes === undefined) return;
    expect(deriveUptime(often.uptime, often.probes)).toEqual(deriveUptime(undefined, once));
    // Of what was not measured nothing stays but the result.
    const isAnyLeft = often.probes.probes.some(({ results }) => results.length > 0);
    if (isAnyLeft) expect(newestResultAt(often.probes)).toEqual(newestResultAt(once));
  });
  fc.assert(check, { numRuns: 200 });
});

/** Somewhere between two runs, or never. */
function pruneInstant(from: Date, next: Date | undefined, quarter: number): Date | undefined {
  if (quarter === 4) return undefined;
  const until = next ?? new Date(from.getTime() + 50 * hourMs);
  return new Date(from.getTime() + ((until.getTime() - from.getTime()) * quarter) / 4);
}

test('deriving twice is deriving once, and no hour has more seconds than an hour has', () => {
  const check = fc.property(probeRuns, (runs) => {
    const state = runs.reduce<ProbesState | undefined>(foldRun, undefined);
    if (state === undefined) return;
    const uptime = deriveUptime(undefined, state);
    expect(deriveUptime(uptime, state)).toEqual(uptime);
    UptimeStateSchema.parse(uptime);
    ProbesStateSchema.parse(state);
    for (const record of uptime.components) {
      for (const seconds of hoursOf(record, 0, Number.POSITIVE_INFINITY).values()) {
        const total = Object.values(seconds).reduce((a, b) => a + b, 0);
        expect(total).toBeLessThanOrEqual(3600);
      }
    }
  });
  fc.assert(check, { numRuns: 100 });
});

test('what is concluded is always what was concluded before, with the results folded in', () => {
  const check = fc.property(probeRuns, fc.nat({ max: 100 }), (runs, hours) => {
    const state = runs.reduce<ProbesState | undefined>(foldRun, undefined);
    if (state === undefined) return;
    const last = runs.at(-1)?.at.getTime() ?? 0;
    for (const kept of [state, pruneProbes(state, new Date(last + hours * hourMs))]) {
      for (const { base, health, results } of kept.probes) expect(health).toEqual(observeResults(base, results));
    }
  });
  fc.assert(check, { numRuns: 100 });
});
