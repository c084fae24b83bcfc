import type { Sample } from '../schema/sample.ts';
import type { ProbeHealth, RawResult } from '../schema/state.ts';
import { failuresToGoDown, passesToComeBack } from './constants.ts';

type Verdict = ProbeHealth['verdict'];

/** What is concluded of a probe that was never asked. */
export const freshHealth: ProbeHealth = { verdict: 'unknown', consecutive_failures: 0, consecutive_passes: 0 };

/**
 * Fold one sample, taken at `atMs`, into what is concluded of a probe. What could not be measured is no evidence and
 * changes nothing.
 */
export function observe(health: ProbeHealth, sample: Pick<Sample, 'kind'>, atMs: number): ProbeHealth {
  if (sample.kind === 'unmeasured') return health;
  const passed = sample.kind === 'pass';
  const failures = passed ? 0 : health.consecutive_failures + 1;
  const passes = passed ? health.consecutive_passes + 1 : 0;
  const began = failures + passes === 1 ? atMs : health.run_began_at;
  const verdict = verdictOf(health.verdict, failures, passes);
  const changed = verdict !== health.verdict;
  return {
    verdict,
    consecutive_failures: failures,
    consecutive_passes: passes,
    run_began_at: began,
    since: changed ? began : health.since,
    known_at: changed ? atMs : health.known_at,
    evidence_at: atMs,
  };
}

/** A probe of which nothing is known yet is up at its first pass; nobody has to wait for good news about it. */
function verdictOf(before: Verdict, failures: number, passes: number): Verdict {
  if (failures >= failuresToGoDown) return 'down';
  return passes >= (before === 'down' ? passesToComeBack : 1) ? 'up' : before;
}

/** What kind of sample the letter of a raw result stands for. */
export const sampleKind = { p: 'pass', f: 'fail', u: 'unmeasured' } as const;

/** Fold raw results into what was concluded before them. */
export function observeResults(base: ProbeHealth, results: readonly RawResult[]): ProbeHealth {
  return results.reduce((health, [atMs, letter]) => observe(health, { kind: sampleKind[letter] }, atMs), base);
}
