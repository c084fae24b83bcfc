import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { Page } from '../snapshot/pages.ts';
import type { PageBatch } from './page-worker.ts';
import placePages from './page-worker.ts';
import type { Placement } from './place-file.ts';
import type { CompiledSite } from './site-compiler.ts';

/** Which pages to render with what, and into which output folder. */
export interface PageOrder {
  readonly site: CompiledSite;
  readonly dir: string;
  readonly pages: readonly Page[];
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Renders pages and puts each in its place: few of them here, many on all cores. */
export async function renderPages({ site, dir, pages, onProgress }: PageOrder): Promise<Placement[]> {
  const { folder, fingerprint, base } = site;
  const batches: PageBatch[] = [];
  for (let start = 0; start < pages.length; start += batchSize) {
    batches.push({ site: { folder, fingerprint, base }, dir, pages: pages.slice(start, start + batchSize) });
  }
  const pool = batches.length > 2 ? newPool() : undefined;
  let done = 0;
  const work = async (batch: PageBatch): Promise<Placement[]> => {
    const placements: Placement[] = await (pool === undefined ? placePages(batch) : pool.run(batch));
    done += batch.pages.length;
    onProgress?.(done);
    return placements;
  };
  try {
    return (await Promise.all(batches.map(work))).flat();
  } finally {
    await pool?.destroy();
  }
}

/** Large enough that handing over costs little, small enough that all threads end at about the same time. */
const batchSize = 100;

/** A thread needs some tens of megabytes; without a limit it would let garbage lie. */
const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 24 };

function newPool(): Tinypool {
  const threads = availableParallelism();
  return new Tinypool({
    filename: new URL('./page-worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    resourceLimits,
  });
}
