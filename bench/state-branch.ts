import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileState } from '../lib/adapters/state/file-state.ts';
import { pushState } from '../lib/adapters/state/sync-state.ts';
import { foldRun, type ProbeRun } from '../lib/policy/probe-run.ts';
import { pruneProbes, pruneUptime } from '../lib/policy/retention.ts';
import { deriveUptime } from '../lib/policy/uptime.ts';
import type { ProbesState, UptimeState } from '../lib/schema/state.ts';
import { table } from './measure.ts';

const intervalMs = 5 * 60 * 1000;
const beginMs = Date.parse('2026-08-20T00:00:00Z');

/** How many runs fill the 25 hours of raw results, so that later runs add nothing but what they push out. */
const fullRuns = 25 * 12 + 1;

/**
 * What the branch of the state costs after one run and after `runs` of them, each pushed as a workflow does: what is
 * downloaded by a fresh clone of it, and what the remote keeps once git has collected what nothing leads to. Returns what
 * to print.
 */
export async function benchStateBranch(folder: string, probeCount: number, runs: number): Promise<string> {
  const place = join(folder, 'state-branch');
  mkdirSync(place, { recursive: true });
  try {
    git(place, 'init', '-q', '--bare', '-b', 'main', 'origin.git');
    git(place, 'clone', '-q', 'origin.git', 'clone');
    let measured = measuredAfter(undefined, probeCount, fullRuns);
    const first = await pushed(place, measured);
    const began = performance.now();
    for (let run = 1; run < runs; run++) {
      measured = measuredAfter(measured, probeCount, 1);
      await push(place, measured);
    }
    const each = (performance.now() - began) / (runs - 1);
    const last = await pushed(place, measuredAfter(measured, probeCount, 1));
    return report({ probeCount, runs, first, last, each });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

interface Sizes {
  readonly clone: number;
  readonly remote: number;
}

function report(of: { probeCount: number; runs: number; first: Sizes; last: Sizes; each: number }): string {
  const row = (label: string, first: number, last: number) => [label, kb(first), kb(last), (last / first).toFixed(2)];
  return table([
    [`state branch, ${of.probeCount} probes`, 'KB after one run', `KB after ${of.runs}`, 'ratio'],
    row('a fresh clone of it', of.first.clone, of.last.clone),
    row('the remote, collected', of.first.remote, of.last.remote),
  ]).concat(`fold, write and push, each run: ${of.each.toFixed(0)} ms\n`);
}

interface Measured {
  readonly runs: number;
  readonly probes: ProbesState;
  readonly uptime: UptimeState;
}

/** What is known some runs later. */
function measuredAfter(before: Measured | undefined, probeCount: number, more: number): Measured {
  let probes = before?.probes;
  let uptime = before?.uptime ?? fullUptime(probeCount);
  const runs = (before?.runs ?? 0) + more;
  for (let run = runs - more; run < runs; run++) {
    probes = pruneProbes(foldRun(probes, runAt(run, probeCount)), new Date(beginMs + run * intervalMs));
    if (run === runs - 1 || run % 12 === 0) uptime = deriveUptime(uptime, probes);
  }
  uptime = pruneUptime(uptime, new Date(beginMs + runs * intervalMs));
  if (probes === undefined) throw new Error('There was no run.');
  return { runs, probes, uptime };
}

/** Buckets of the 90 days before the first run, so that a bucket is pruned for each that is added. */
function fullUptime(probeCount: number): UptimeState {
  const hours = 90 * 24;
  const components = Array.from({ length: probeCount }, (_, index) => ({
    component: `component-${index}`,
    first_hour: beginMs / 3_600_000 - hours,
    hours: {
      operational: Array.from({ length: hours }, (_, hour) => 3600 - ((hour * 7 + index) % 61)),
      degraded_performance: {},
      partial_outage: {},
      major_outage: {},
      under_maintenance: {},
    },
  }));
  return { components };
}

/** A run in which latencies differ and a probe fails now and then. */
function runAt(run: number, probeCount: number): ProbeRun {
  const results = Array.from({ length: probeCount }, (_, index) => {
    const chance = (Math.imul(run * 7919 + index * 104729, 2654435761) >>> 8) % 10_000;
    const id = `component-${index}`;
    const sample = chance < 50 ? ({ kind: 'fail', reason: 'connect_timeout' } as const) : pass(20 + chance / 50);
    return { probe: `${id}-api`, component: id, onFailure: 'major_outage' as const, sample, maintenance: false };
  });
  return { at: new Date(beginMs + run * intervalMs), intervalSeconds: intervalMs / 1000, results };
}

function pass(latencyMs: number): { kind: 'pass'; latencyMs: number } {
  return { kind: 'pass', latencyMs };
}

async function push(place: string, { probes, uptime, runs }: Measured): Promise<void> {
  const state = fileState(join(place, 'state'));
  await state.write('probes', { ...probes, pending: [] }, (await state.read('probes'))?.version);
  await state.write('uptime', uptime, (await state.read('uptime'))?.version);
  const address = { repository: join(place, 'clone'), remote: 'origin', branch: 'candor-state', env: process.env };
  await pushState(join(place, 'state'), address, new Date(beginMs + runs * intervalMs));
}

/** The sizes once that was pushed. */
async function pushed(place: string, measured: Measured): Promise<Sizes> {
  await push(place, measured);
  const bare = join(place, 'origin.git');
  rmSync(join(place, 'fresh'), { recursive: true, force: true });
  git(place, 'clone', '-q', '--bare', '--single-branch', '-b', 'candor-state', `file://${bare}`, 'fresh');
  git(bare, 'gc', '-q', '--prune=now');
  return { clone: bytesUnder(join(place, 'fresh', 'objects')), remote: bytesUnder(join(bare, 'objects')) };
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', args, { cwd, stdio: 'pipe' });
}

function kb(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}
