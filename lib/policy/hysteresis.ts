import type { Sample } from '../schema/sample.ts';
import type { ProbeHealth, RawResult } from '../schema/state.ts';
import { failuresToGoDown, passesToComeBack } from './constants.ts';

/** What is concluded of a probe that was never asked. */
export const freshHealth: ProbeHealth = { verdict: 'unknown', consecutive_failures: 0, consecutive_passes: 0 };

/**
 * Fold one sample, taken at `atMs`, into what is concluded of a probe. What could not be measured is no evidence and
 * changes nothing.
 */
export function observe(health: ProbeHealth, sample: Pick<Sample, 'kind'>, atMs: number): ProbeHealth {
  if (sample.kind === 'unmeasured') return health;
  const next = sample.kind === 'pass' ? passed(health, atMs) : failed(health, atMs);
  const verdict = verdictOf(next);
  return verdict === next.verdict ? next : { ...next, verdict, since: next.run_began_at, known_at: atMs };
}

/** What kind of sample the letter of a raw result stands for. */
export const sampleKind = { p: 'pass', f: 'fail', u: 'unmeasured' } as const;

/** Fold raw results into what was concluded before them. */
export function observeResults(base: ProbeHealth, results: readonly RawResult[]): ProbeHealth {
  return results.reduce((health, [atMs, letter]) => observe(health, { kind: sampleKind[letter] }, atMs), base);
}

function passed(health: ProbeHealth, atMs: number): ProbeHealth {
  const began = health.consecutive_passes === 0 ? atMs : health.run_began_at;
  const consecutive_passes = health.consecutive_passes + 1;
  return { ...health, consecutive_failures: 0, consecutive_passes, run_began_at: began, evidence_at: atMs };
}

function failed(health: ProbeHealth, atMs: number): ProbeHealth {
  const began = health.consecutive_failures === 0 ? atMs : health.run_began_at;
  const consecutive_failures = health.consecutive_failures + 1;
  return { ...health, consecutive_failures, consecutive_passes: 0, run_began_at: began, evidence_at: atMs };
}

/** A probe of which nothing is known yet is up at its first pass; nobody has to wait for good news about it. */
function verdictOf({ verdict, consecutive_failures, consecutive_passes }: ProbeHealth): ProbeHealth['verdict'] {
  if (consecutive_failures >= failuresToGoDown) return 'down';
  if (consecutive_passes >= (verdict === 'down' ? passesToComeBack : 1)) return 'up';
  return verdict;
}
