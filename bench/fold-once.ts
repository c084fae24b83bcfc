import { foldRun, type ProbeRun, type RunResult } from '../lib/policy/probe-run.ts';
import { pruneProbes } from '../lib/policy/retention.ts';
import { deriveUptime } from '../lib/policy/uptime.ts';
import { ProbesState, UptimeState } from '../lib/schema/state.ts';
import { median } from './measure.ts';

/**
 * Folds one run into a full state, first as a new process does and then again and again, each time beside reading and
 * writing the same two texts as plain JSON. Prints what `bench/fold.ts` reads.
 */
const probeCount = 100;
const intervalMs = 5 * 60 * 1000;
const hourMs = 60 * 60 * 1000;
const runCount = (25 * hourMs) / intervalMs + 1;
const endMs = Date.parse('2026-11-20T12:00:00Z');

const { probes, uptime } = fullState();
const run = runAt(endMs);
const texts = { probes: JSON.stringify(probes), uptime: JSON.stringify(uptime) };

const times = Array.from({ length: 15 }, () => ({ plain: msOf(plain), fold: msOf(fold) }));
const [first, ...later] = times;
const result = {
  firstMs: first?.fold,
  firstPlainMs: first?.plain,
  ms: median(later.map((of) => of.fold)),
  plainMs: median(later.map((of) => of.plain)),
  results: probes.probes.reduce((sum, { results }) => sum + results.length, 0),
  probesBytes: texts.probes.length,
  uptimeBytes: texts.uptime.length,
};
process.stdout.write(JSON.stringify(result));

/** All that a run does with the two documents, but the files. */
function fold(): number {
  const state = foldRun(ProbesState.parse(JSON.parse(texts.probes)), run);
  const written = JSON.stringify(state);
  const buckets = deriveUptime(UptimeState.parse(JSON.parse(texts.uptime)), state);
  return written.length + JSON.stringify(buckets).length;
}

function plain(): number {
  return JSON.stringify(JSON.parse(texts.probes)).length + JSON.stringify(JSON.parse(texts.uptime)).length;
}

function msOf(work: () => number): number {
  const began = performance.now();
  if (work() === 0) throw new Error('Nothing was written.');
  return performance.now() - began;
}

/** 25 hours of raw results, and buckets of 90 days with trouble now and then. */
function fullState(): { probes: ProbesState; uptime: UptimeState } {
  let state: ProbesState | undefined;
  for (let index = 0; index < runCount; index++) state = foldRun(state, runAt(endMs - (runCount - index) * intervalMs));
  if (state === undefined) throw new Error('There was no run.');
  const old = Array.from({ length: probeCount }, (_, index) => ({
    component: idOf(index),
    first_hour: endMs / hourMs - 90 * 24,
    hours: {
      operational: Array.from({ length: 90 * 24 }, (_, hour) => 3600 - ((hour * 7 + index) % 61)),
      degraded_performance: { [(index * 17) % 2000]: 300 },
      partial_outage: {},
      major_outage: Object.fromEntries([11, 400, 900, 1700].map((hour) => [hour + index, 61])),
      under_maintenance: { [1000 + index]: 3000 },
    },
  }));
  return { probes: pruneProbes(state, new Date(endMs)), uptime: deriveUptime({ components: old }, state) };
}

/** A late run of all probes; one in fifty fails, one in two hundred is not measured. */
function runAt(atMs: number): ProbeRun {
  const late = (atMs / intervalMs) % 7;
  const results = Array.from({ length: probeCount }, (_, index): RunResult => {
    const chance = Math.floor(atMs / intervalMs / 4) * 31 + index * 17;
    const latencyMs = 20 + ((chance * 13 + (atMs / intervalMs) * 7.3) % 300);
    const failed = { kind: 'fail', reason: 'connect_timeout' } as const;
    const unmeasured = { kind: 'unmeasured', reason: 'runner_offline' } as const;
    const sample =
      chance % 50 === 0 ? failed : chance % 200 === 1 ? unmeasured : ({ kind: 'pass', latencyMs } as const);
    return {
      probe: `${idOf(index)}-api`,
      component: idOf(index),
      onFailure: 'major_outage',
      sample,
      maintenance: false,
    };
  });
  return { at: new Date(atMs + late * 1234), intervalSeconds: intervalMs / 1000, results };
}

function idOf(index: number): string {
  return `component-${String(index).padStart(3, '0')}`;
}
