import { nextEdge } from '../../lib/policy/next-edge.ts';
import type { BuildResult } from '../pipeline/build-site.ts';
import type { Context } from './context.ts';

const everyMinuteMs = 60_000;

/** Asks for builds of a live page because time goes by. */
export interface LiveClock {
  /** Tell it what was built, and as of when. */
  readonly built: (result: Built, asOf: Date) => void;
  readonly stop: () => void;
}

/** What it needs to know of a build. */
export type Built = Pick<BuildResult, 'model' | 'content'>;

/** Calls `ring` at the next instant at which the page becomes another, and at least once a minute, as long as something else runs. */
export function liveClock({ now, isRehearsal }: Pick<Context, 'now' | 'isRehearsal'>, ring: () => void): LiveClock {
  let timer = setTimeout(again, everyMinuteMs).unref();
  function set(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(again, afterMs).unref();
  }
  function again(): void {
    set(everyMinuteMs);
    ring();
  }
  return {
    built: (result, asOf) => {
      if (!isRehearsal) set(restMs(result, asOf, now()));
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * How long a page that was built as of `asOf` may rest, from `now` on: until its next edge, and no longer than a minute or
 * the third part of what makes its data too old, which is the interval of the probes.
 */
export function restMs({ model, content }: Built, asOf: Date, now: Date): number {
  const edge = content === undefined ? undefined : nextEdge(content, asOf);
  const seconds = model?.snapshot.stale_after_seconds;
  return Math.min(
    everyMinuteMs,
    seconds === undefined ? everyMinuteMs : (seconds * 1000) / 3,
    edge === undefined ? everyMinuteMs : Math.max(0, edge.getTime() - now.getTime()),
  );
}
