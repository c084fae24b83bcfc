import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheDirFor, engineDir } from '../../scripts/pipeline/engine.ts';
import { compileSite } from '../adapters/site-compiler.ts';
import type { Snapshot } from '../schema/snapshot.ts';
import { documentText } from '../snapshot/documents.ts';
import type { PageData } from '../snapshot/page-data.ts';
import { serveFolder } from './folder-server.ts';

/** Pages rendered by the compiled templates and served from a folder of their own. */
export interface RenderedSite {
  readonly folder: string;
  /** The address of a page: `at('/history/')`. */
  readonly at: (path: string) => string;
  readonly close: () => Promise<void>;
}

/**
 * Render `pages`, by their paths, as they are published below `base`, which begins and ends with a slash.
 * Front pages may lie at any path, so that several can be looked at; `current.json` is that of the page at `/`.
 */
export async function renderSite(pages: Readonly<Record<string, PageData>>, base: string): Promise<RenderedSite> {
  const site = await compileSite({ engineDir, cacheDir: cacheDirFor(engineDir), base });
  const folder = await mkdtemp(join(tmpdir(), 'candor-site-'));
  await cp(site.clientDir, folder, { recursive: true });
  for (const [path, page] of Object.entries(pages)) {
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await site.render(page.kind === 'front' ? '/' : path, page));
  }
  const front = pages['/'];
  if (front?.kind === 'front') await publishSnapshot(folder, front.snapshot);
  const server = await serveFolder(folder, base);
  return {
    folder,
    at: (path) => server.origin + base + path.slice(1),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Put `snapshot` in the place of the folder's `current.json`; its pages stay as they are. */
export async function publishSnapshot(folder: string, snapshot: Snapshot): Promise<void> {
  const fresh = join(folder, 'current.json.new');
  await writeFile(fresh, documentText(snapshot));
  await rename(fresh, join(folder, 'current.json'));
}
