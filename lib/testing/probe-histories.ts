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
