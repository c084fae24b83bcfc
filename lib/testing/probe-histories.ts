import fc from 'fast-check';
import { foldRun, type ProbeRun, type RunResult } from '../policy/probe-run.ts';
import type { Sample } from '../schema/sample.ts';
import type { ProbesState } from '../schema/state.ts';

const samples: Readonly<Record<string, Sample>> = {
  p: { kind: 'pass', latencyMs: 42 },
  F: { kind: 'fail', reason: 'timeout' },
  '?': { kind: 'unmeasured', reason: 'cut_off' },
};

/** How runs of a test follow each other, where it is not every five minutes from noon on. */
export interface Pace {
  readonly start?: string;
  readonly intervalSeconds?: number;
  readonly onFailure?: RunResult['onFailure'];
}

/**
 * Runs at even intervals from histories of probes, by `probe component`, a letter a run: `p` passed, `F` failed, `?` not
 * measured, `.` not asked; `(` and `)` around what maintenance was announced for. Where none was asked there is no run.
 */
export function runsOf(histories: Readonly<Record<string, string>>, pace: Pace = {}): ProbeRun[] {
  const { start = '2026-11-20T12:00:00Z', intervalSeconds = 300, onFailure = 'major_outage' } = pace;
  const columns = Object.entries(histories).map(([name, history]) => resultsOf(name, history, onFailure));
  const length = Math.max(...columns.map((column) => column.length));
  return Array.from({ length }, (_, index) => ({
    at: new Date(Date.parse(start) + index * intervalSeconds * 1000),
    intervalSeconds,
    results: columns.flatMap((column) => column[index] ?? []),
  })).filter(({ results }) => results.length > 0);
}

/** The state after runs, one after the other. */
export function stateAfter(runs: readonly ProbeRun[], before?: ProbesState): ProbesState {
  const state = runs.reduce<ProbesState | undefined>(foldRun, before);
  if (state === undefined) throw new Error('There was no run.');
  return state;
}

function resultsOf(name: string, history: string, onFailure: RunResult['onFailure']): (RunResult | undefined)[] {
  const [probe = name, component = probe] = name.split(' ');
  let maintenance = false;
  const results: (RunResult | undefined)[] = [];
  for (const letter of history) {
    if (letter === '(' || letter === ')') {
      maintenance = letter === '(';
      continue;
    }
    const sample = samples[letter];
    results.push(sample && { probe, component, onFailure, sample, maintenance });
  }
  return results;
}

/** How two runs follow each other: seconds to the one before, beside the interval that is meant. */
const pause = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ interval: fc.constantFrom(600, 1800), lateMs: fc.integer({ min: -500_000, max: 60_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ interval: fc.constant(3600), lateMs: fc.integer({ min: 0, max: 7_200_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ interval: fc.constant(1800), lateMs: fc.integer({ min: 0, max: 200_000_000 }) }),
  },
);

const letter = fc.oneof(
  { weight: 5, arbitrary: fc.constant('p') },
  { weight: 4, arbitrary: fc.constant('F') },
  { weight: 1, arbitrary: fc.constant('?') },
);

const kindsOfFailure = ['major_outage', 'partial_outage', 'degraded_performance'] as const;

/**
 * Runs of four probes of two components, over some days: with jitter, gaps, changes of the interval, maintenance, probes
 * whose kind of failure changes, and one that is asked no more after a while.
 */
export const probeRuns: fc.Arbitrary<ProbeRun[]> = fc
  .record({
    runs: fc.array(fc.record({ pause, letters: fc.tuple(letter, letter, letter, letter), odd: fc.nat({ max: 30 }) }), {
      minLength: 1,
      maxLength: 120,
      size: 'max',
    }),
    lastAsked: fc.nat({ max: 120 }),
  })
  .map(({ runs, lastAsked }) => {
    let atMs = Date.parse('2026-11-20T12:34:56.789Z');
    return runs.map(({ pause: { interval, lateMs }, letters, odd }, index) => {
      atMs += interval * 1000 + lateMs;
      const results = letters.map((kind, probe): RunResult => {
        const onFailure = kindsOfFailure[(Math.floor(index / 17) + probe) % 3] ?? 'major_outage';
        const component = probe < 2 ? 'shop' : `till-${probe}`;
        const sample = samples[kind] ?? { kind: 'unmeasured', reason: 'cut_off' };
        return { probe: `probe-${probe}`, component, onFailure, sample, maintenance: odd === 0 };
      });
      return { at: new Date(atMs), intervalSeconds: interval, results: results.slice(index > lastAsked ? 1 : 0) };
    });
  });
