import type { Page } from '../snapshot/pages.ts';
import { fileAt } from '../snapshot/paths.ts';
import { type Placement, placeFile } from './place-file.ts';
import { type CompiledSite, openCompiledSite } from './site-compiler.ts';

/** Pages for one thread to render and put in place. */
export interface PageBatch {
  readonly site: Pick<CompiledSite, 'folder' | 'fingerprint' | 'base'>;
  /** The output folder. */
  readonly dir: string;
  readonly pages: readonly Page[];
}

/** Renders a batch of pages and puts each in its place; run in a thread by `page-pool.ts`. */
export default async function placePages({ site, dir, pages }: PageBatch): Promise<Placement[]> {
  const { render } = openCompiledSite(site);
  const placements: Placement[] = [];
  for (const { path, page } of pages) placements.push(placeFile(dir, fileAt(path), await render(path, page)));
  return placements;
}
