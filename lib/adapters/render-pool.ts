import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { Rendered } from '../content/render-markdown.ts';
import type { RedactionRules } from '../policy/redaction.ts';
import { openRenderCache } from './render-cache.ts';
import renderBatch, { type RenderBatch } from './render-worker.ts';

/** Where rendered updates are kept, if anywhere, and who is told how far it is. */
export interface RenderOptions {
  readonly cacheDir: string | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** The most updates that this thread renders by itself; more are rendered on all cores. */
  readonly mostHere?: number;
}

/**
 * Every distinct update as the public may read it, by its Markdown. What the cache holds is not rendered again; of the
 * rest, little is rendered here and much on all cores.
 */
export async function renderAll(
  sources: readonly string[],
  rules: RedactionRules,
  { cacheDir, onProgress, mostHere = mostRenderedHere }: RenderOptions,
): Promise<Map<string, Rendered>> {
  const distinct = [...new Set(sources)];
  const cache = cacheDir === undefined ? undefined : await openRenderCache(cacheDir, rules);
  const rendered = new Map<string, Rendered>();
  const missing: string[] = [];
  for (const source of distinct) {
    const kept = cache?.get(source);
    if (kept === undefined) missing.push(source);
    else rendered.set(source, kept);
  }
  onProgress?.(rendered.size, distinct.length);
  const pool = missing.length > mostHere ? newPool() : undefined;
  await renderMissing(missing, rules, pool, (source, result) => {
    rendered.set(source, result);
    if (rendered.size % progressStep === 0) onProgress?.(rendered.size, distinct.length);
  });
  if (missing.length > 0) await cache?.save(rendered);
  onProgress?.(distinct.length, distinct.length);
  return rendered;
}

/** Large enough that handing over costs little, small enough that all threads end at about the same time. */
const batchSize = 200;
const progressStep = 200;

async function renderMissing(
  sources: readonly string[],
  rules: RedactionRules,
  pool: Tinypool | undefined,
  onResult: (source: string, rendered: Rendered) => void,
): Promise<void> {
  const batches: RenderBatch[] = [];
  for (let start = 0; start < sources.length; start += batchSize) {
    batches.push({ sources: sources.slice(start, start + batchSize), redaction: rules.source });
  }
  const work = async (batch: RenderBatch) => {
    const results: Rendered[] = pool === undefined ? renderBatch(batch) : await pool.run(batch);
    for (const [index, result] of results.entries()) onResult(batch.sources[index] ?? '', result);
  };
  try {
    await Promise.all(batches.map(work));
  } finally {
    await pool?.destroy();
  }
}

/** So few are rendered sooner than handed over and back, and a cold build has the compiler on another core meanwhile. */
const mostRenderedHere = 80_000;

function newPool(): Tinypool {
  const threads = availableParallelism();
  return new Tinypool({
    filename: new URL('./render-worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
}
