import type { ProbeRecord } from '../schema/state.ts';

/** Response times of the last 24 hours: the median of each step from `from` on, `undefined` where no probe passed. */
export interface ResponseTimes {
  readonly from: Date;
  readonly mediansMs: readonly (number | undefined)[];
  /** The steps, counting from 0, in which somebody asked and nobody answered as expected. */
  readonly unanswered: readonly number[];
}

/** Each median is of a quarter of an hour. */
export const stepMinutes = 15;

const stepMs = stepMinutes * 60_000;
const steps = (24 * 60) / stepMinutes;

/**
 * The medians of all passes of a component's probes, in whole milliseconds, in quarters of an hour that begin on the
 * clock's; the last one is the present one. `undefined` where no probe passed in all that time.
 */
export function responseTimesOf(records: readonly ProbeRecord[], now: Date): ResponseTimes | undefined {
  const from = (Math.floor(now.getTime() / stepMs) + 1 - steps) * stepMs;
  const latencies = Array.from({ length: steps }, (): number[] => []);
  const failed = new Set<number>();
  for (const { results } of records) {
    for (const result of results) {
      if (result[0] < from || result[0] > now.getTime()) continue;
      const step = Math.floor((result[0] - from) / stepMs);
      if (result[1] === 'p') latencies[step]?.push(result[2]);
      if (result[1] === 'f') failed.add(step);
    }
  }
  const mediansMs = latencies.map(median);
  if (mediansMs.every((value) => value === undefined)) return undefined;
  const unanswered = [...failed].filter((step) => mediansMs[step] === undefined).toSorted((a, b) => a - b);
  return { from: new Date(from), mediansMs, unanswered };
}

function median(values: readonly number[]): number | undefined {
  const ordered = values.toSorted((a, b) => a - b);
  const upper = ordered[Math.floor(ordered.length / 2)];
  const lower = ordered[Math.floor((ordered.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : Math.round((lower + upper) / 2);
}
