import { setTimeout as wait } from 'node:timers/promises';

/** A span of time that is already running. */
export interface Span {
  /** Resolves when it is over. */
  readonly over: () => Promise<void>;
}

/** How a target waits; tests pass one that takes no time. */
export interface TargetTiming {
  /** Wait that long. */
  readonly sleep: (ms: number) => Promise<void>;
  /** How long one request may take; one that carries much, a little longer. */
  readonly longestRequestMs: number;
  /** Begin a span of time. It does not keep the process alive unless somebody waits for its end. */
  readonly span: (ms: number) => Span;
}

/** The timing of the real world. */
export const realTiming: TargetTiming = {
  longestRequestMs: 60_000,
  sleep: async (ms) => {
    await wait(ms);
  },
  span: (ms) => {
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms).unref();
    });
    return {
      over: () => {
        timer?.ref();
        return ended;
      },
    };
  },
};
