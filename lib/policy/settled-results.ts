import type { FailureStatus } from '../schema/probes/common.ts';
import type { ProbeHealth, ProbeRecord } from '../schema/state.ts';
import type { ReportedStatus } from '../schema/status.ts';
import { settledAfterHours } from './constants.ts';
import { valueAt } from './earlier-values.ts';
import { observe, sampleKind } from './hysteresis.ts';

/** What one result says of its component, once it is known what came after it. */
export interface SettledResult {
  readonly atMs: number;
  /** `undefined` where it says nothing: it was not measured, or nothing was concluded yet. */
  readonly status: ReportedStatus | undefined;
  /** People had announced maintenance. */
  readonly announced: boolean;
}

const settledAfterMs = settledAfterHours * 60 * 60 * 1000;

/**
 * The results of a record as hysteresis sees them in hindsight: failures that became an outage are an outage from the
 * first of them, the first of the passes that ended it is up already, and a lone one in between changes nothing.
 */
export function settledResults(record: ProbeRecord): SettledResult[] {
  const verdicts = settledVerdicts(record);
  const onFailure = { earlier: record.earlier_on_failure, value: record.on_failure };
  return record.results.map(([atMs, , , mark], index) => ({
    atMs,
    status: statusOf(verdicts[index], valueAt(onFailure, atMs)),
    announced: mark === 'm',
  }));
}

type Verdict = ProbeHealth['verdict'];

function statusOf(verdict: Verdict | undefined, onFailure: FailureStatus): ReportedStatus | undefined {
  if (verdict === 'up') return 'operational';
  return verdict === 'down' ? onFailure : undefined;
}

/** The verdict of each result; of one that was not measured there is none. */
function settledVerdicts({ base, results }: ProbeRecord): (Verdict | undefined)[] {
  const verdicts: (Verdict | undefined)[] = [];
  let health = base;
  let streak: number[] = [];
  for (const [index, [atMs, letter]] of results.entries()) {
    const before = health;
    health = observe(before, { kind: sampleKind[letter] }, atMs);
    verdicts.push(letter === 'u' ? undefined : health.verdict);
    if (letter === 'u') continue;
    if (health.run_began_at === atMs) streak = [];
    streak.push(index);
    if (health.verdict === before.verdict) continue;
    for (const earlier of streak) {
      if (atMs - (results[earlier]?.[0] ?? atMs) <= settledAfterMs) verdicts[earlier] = health.verdict;
    }
  }
  return verdicts;
}
