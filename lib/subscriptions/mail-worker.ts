import { setTimeout } from 'node:timers/promises';
import { serverPauseMs } from '../policy/delivery.ts';
import { type FanOut, type Round, sendWhatIsDue } from './fan-out.ts';
import { factsOf, lookAt, type PageFacts, type SnapshotSource } from './look.ts';
import type { LookOutcome } from './subscription-store.ts';

/** What a worker tells of its work. */
export type WorkerEvent =
  | { readonly kind: 'looked'; readonly outcome: LookOutcome }
  /** A round in which something happened; `pauseMs` where the server was of no use. */
  | { readonly kind: 'sent'; readonly round: Round; readonly pauseMs?: number | undefined }
  /** The snapshot could not be read, or the store not used; it is tried again. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly pauseMs: number };

/** What it takes to go on sending for as long as a process lives. */
export interface WorkerParts extends FanOut {
  readonly source: SnapshotSource;
  /** How often the snapshot is looked at, and how often it is asked whether something else is owed, in milliseconds. */
  readonly lookEveryMs: number;
  readonly pollEveryMs: number;
  readonly tell: (event: WorkerEvent) => void;
}

/** A worker that looks, owes and sends until it is stopped. */
export interface MailWorker {
  /** Something is owed that was not: send it now rather than later. */
  wake(): void;
  /** Something may have been published: look now rather than later. */
  lookNow(): void;
  /** Stop between two deliveries; resolves once the last one has ended and is recorded. */
  stop(): Promise<void>;
}

/** A snapshot that says to be from later than this is no fact: all that comes after it would count as old. */
const clockToleranceMs = 10 * 60_000;

/** The snapshot names an instant that has not come yet. */
export class SnapshotFromFuture extends Error {}

/** The store of subscribers belongs to another page than the snapshot. */
export class OtherPage extends Error {
  /** The page that the store belongs to. */
  readonly page: string;
  constructor(page: string) {
    super(`The subscribers belong to ${page}.`);
    this.page = page;
  }
}

/**
 * Read the snapshot and write down what is owed of it. `undefined` facts: it is the same as at the last read. Rejects where
 * the store belongs to another page, or the snapshot is from the future.
 */
export async function lookAndOwe(
  { store, source, clock }: Pick<WorkerParts, 'store' | 'source' | 'clock'>,
  signal: AbortSignal,
): Promise<{ readonly facts: PageFacts; readonly outcome: LookOutcome } | undefined> {
  const read = await source.read(signal);
  if (read === undefined) return undefined;
  const { snapshot } = read;
  const look = lookAt(snapshot);
  const now = clock();
  if (look.generatedAt.getTime() > now.getTime() + clockToleranceMs) {
    throw new SnapshotFromFuture(`The snapshot is from ${snapshot.generated_at}, which has not come yet.`);
  }
  const outcome = await store.owe(look, now);
  if (outcome.kind === 'other_page') throw new OtherPage(outcome.page);
  read.dealtWith();
  return { facts: factsOf(snapshot), outcome };
}

/** Begin to work. */
export function startMailWorker(parts: WorkerParts): MailWorker {
  const stopping = new AbortController();
  const loop = new WorkerLoop(parts, stopping.signal);
  const ended = loop.run();
  return {
    wake: () => loop.wake(),
    lookNow: () => loop.lookNow(),
    stop: () => {
      stopping.abort();
      loop.wake();
      return ended;
    },
  };
}

class WorkerLoop {
  readonly #parts: WorkerParts;
  readonly #signal: AbortSignal;
  #facts: PageFacts | undefined;
  #lookAtMs = 0;
  #sendAtMs = 0;
  /** Times in a row that the server, or the store, was of no use. */
  #failures = 0;
  #resting = new AbortController();
  #woken = false;

  constructor(parts: WorkerParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  wake(): void {
    this.#woken = true;
    this.#resting.abort();
  }

  lookNow(): void {
    this.#lookAtMs = 0;
    this.wake();
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      this.#woken = false;
      this.#followClock();
      if (this.#nowMs() >= this.#lookAtMs) await this.#look();
      if (this.#facts !== undefined && this.#nowMs() >= this.#sendAtMs && !this.#signal.aborted)
        await this.#send(this.#facts);
      await this.#rest();
    }
  }

  /** A clock that was set back must not make it wait for all that time. */
  #followClock(): void {
    const nowMs = this.#nowMs();
    this.#lookAtMs = Math.min(this.#lookAtMs, nowMs + this.#parts.lookEveryMs);
    this.#sendAtMs = Math.min(this.#sendAtMs, nowMs + serverPauseMs(this.#failures, 1));
  }

  async #look(): Promise<void> {
    const { lookEveryMs, tell } = this.#parts;
    this.#lookAtMs = this.#nowMs() + lookEveryMs;
    try {
      const looked = await lookAndOwe(this.#parts, this.#signal);
      if (looked === undefined) return;
      this.#facts = looked.facts;
      tell({ kind: 'looked', outcome: looked.outcome });
    } catch (error) {
      if (this.#signal.aborted) return;
      // Mails of one page are never written with the words of another.
      if (error instanceof OtherPage) this.#facts = undefined;
      tell({ kind: 'failed', error, pauseMs: lookEveryMs });
    }
  }

  async #send(facts: PageFacts): Promise<void> {
    const { tell } = this.#parts;
    try {
      const round = await sendWhatIsDue(this.#parts, facts, this.#signal);
      const isPaused = round.end.kind === 'paused';
      this.#failures = isPaused ? this.#failures + 1 : 0;
      const pauseMs = isPaused ? this.#pause() : undefined;
      if (isPaused || hasNews(round)) tell({ kind: 'sent', round, pauseMs });
    } catch (error) {
      this.#failures += 1;
      tell({ kind: 'failed', error, pauseMs: this.#pause() });
    }
  }

  #pause(): number {
    const pauseMs = serverPauseMs(this.#failures, this.#parts.chance());
    this.#sendAtMs = this.#nowMs() + pauseMs;
    return pauseMs;
  }

  /** Until the next look or round is due, somebody wakes it, or it is stopped. */
  async #rest(): Promise<void> {
    if (this.#woken || this.#signal.aborted) return;
    const nowMs = this.#nowMs();
    const pollMs = Math.max(this.#parts.pollEveryMs, this.#sendAtMs - nowMs);
    const restMs = Math.max(0, Math.min(this.#lookAtMs - nowMs, pollMs));
    this.#resting = new AbortController();
    await setTimeout(restMs, undefined, { signal: this.#resting.signal }).catch(() => undefined);
  }

  #nowMs(): number {
    return this.#parts.clock().getTime();
  }
}

function hasNews({ tally }: Round): boolean {
  return Object.values(tally).some((value) => typeof value === 'number' && value > 0);
}
