/**
 * Do `work` for every item, at most `atOnce` at a time, until all is done, one fails or `work` answers `stop`. What has
 * begun ends before this does; the first error is thrown then.
 */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<'go on' | 'stop'>,
): Promise<void> {
  let next = 0;
  let isOver = false;
  const worker = async () => {
    while (!isOver && next < items.length) {
      const item = items[next];
      next += 1;
      if (item === undefined) continue;
      try {
        if ((await work(item)) === 'stop') isOver = true;
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
