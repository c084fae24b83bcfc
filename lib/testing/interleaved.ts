import type { PublishTarget } from '../adapters/publish/publish-target.ts';
import { watchedTarget } from './memory-target.ts';

/** Says whose call is made next, given how many were made. */
export type Schedule = (made: number) => number;

/**
 * Runs several pieces of work on one target, in turns that `schedule` decides: of the calls that wait, the first one of the
 * worker that it names is made, or of the next worker that waits. Resolves to how each ended.
 */
export async function interleaved<T>(
  target: PublishTarget,
  works: readonly ((target: PublishTarget) => Promise<T>)[],
  { schedule, afterEach = () => {} }: { readonly schedule: Schedule; readonly afterEach?: () => void },
): Promise<PromiseSettledResult<T>[]> {
  const waiting = works.map((): (() => Promise<unknown>)[] => []);
  const turns = works.map((_, worker) =>
    watchedTarget(target, (_call, work) => {
      return new Promise((resolve, reject) => {
        waiting[worker]?.push(() => work().then(resolve, reject));
      });
    }),
  );
  let running = works.length;
  const ends = works.map((work, worker) =>
    work(turns[worker] ?? target).finally(() => {
      running -= 1;
    }),
  );
  const settled = Promise.allSettled(ends);
  for (let made = 0; running > 0; ) {
    await new Promise(setImmediate);
    const wanted = schedule(made) % works.length;
    const queue = [...waiting.slice(wanted), ...waiting.slice(0, wanted)].find(({ length }) => length > 0);
    const call = queue?.shift();
    if (call === undefined) continue;
    await call();
    made += 1;
    afterEach();
  }
  return settled;
}
