import { setTimeout } from 'node:timers/promises';

/** Work that is asked for more often than it has to be done. */
export interface Coalesced {
  /** Ask for the work because of `reason`; it begins once nobody has asked for a moment. */
  readonly request: (reason: string) => void;
  /** Resolves when nothing is asked for or under way. */
  readonly idle: () => Promise<void>;
}

/**
 * Do `work` one at a time, with the reasons that have come together since the last time;
 * what is asked for while it runs is done once more after it. `work` must not fail.
 */
export function coalesced(work: (reasons: readonly string[]) => Promise<void>, quietMs: number): Coalesced {
  let waiting = new Set<string>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      await quiet();
      const reasons = [...waiting];
      waiting = new Set();
      await work(reasons);
    }
    running = undefined;
  }

  async function quiet(): Promise<void> {
    for (let before = -1; before !== asked; ) {
      before = asked;
      await setTimeout(quietMs);
    }
  }

  let asked = 0;
  return {
    request: (reason) => {
      asked += 1;
      waiting.add(reason);
      running ??= run();
    },
    idle: async () => {
      await running;
    },
  };
}
