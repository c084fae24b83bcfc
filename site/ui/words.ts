import type { ComponentStatus, Impact } from '../../lib/schema/status.ts';

export { impactWords, stateWords, statusWords } from '../../lib/snapshot/words.ts';

/** The status whose mark an impact borrows; an incident without impact has none. */
export const impactMarks: Record<Impact, ComponentStatus | undefined> = {
  none: undefined,
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
};

/** A number with its noun: `1 day`, `2 days`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
