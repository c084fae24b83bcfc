import { setTimeout } from 'node:timers/promises';
import { type ProbeRunReport, type ProbeRunRequest, runProbes } from './probe-run.ts';

/** What a loop does beside its runs, and by what it goes. */
export interface LoopPart {
  readonly ran: (report: ProbeRunReport) => void | Promise<void>;
  /** Remove from the state what is too old. */
  readonly prune: () => Promise<unknown>;
  /** A run or a pruning failed; the loop goes on. */
  readonly failed: (error: unknown) => void;
  /** Between 0 and 1, another each time. */
  readonly random?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since some instant; they only grow. */
  readonly monotonicMs?: () => number;
}

/** Runs come up to this part of an interval sooner, so that many installations do not ask in step, and never later. */
const jitter = 0.05;
const hourMs = 3_600_000;
const usualIntervalSeconds = 300;

/**
 * Run the probes again and again until the signal is aborted, the first time at once: one run after the other, each an
 * interval after the one before began. Once an hour what is too old is pruned. A run that fails is told of and no more.
 */
export async function loopProbes(request: ProbeRunRequest, part: LoopPart): Promise<void> {
  const { random = Math.random, pause = pauseFor, monotonicMs = () => performance.now() } = part;
  const { signal } = request;
  let intervalSeconds = request.intervalSeconds ?? usualIntervalSeconds;
  let prunedAtMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const beganMs = monotonicMs();
    const report = await told(part, () => runProbes(request));
    if (report !== undefined) {
      ({ intervalSeconds } = report);
      await told(part, async () => part.ran(report));
    }
    if (beganMs - prunedAtMs >= hourMs && !signal.aborted) {
      prunedAtMs = beganMs;
      await told(part, part.prune);
    }
    const dueMs = beganMs + intervalSeconds * 1000 * (1 - jitter * random());
    await pause(Math.max(0, dueMs - monotonicMs()), signal);
  }
}

async function told<T>({ failed }: LoopPart, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    failed(error);
    return undefined;
  }
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
