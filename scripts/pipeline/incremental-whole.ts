import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { forgetOutput } from '../../lib/adapters/output-folder.ts';
import { filesBelow, removeOld } from '../../lib/adapters/tree.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { indexedIncident, newestFirst } from '../../lib/snapshot/partial-index.ts';
import type { BuildRequest, BuildResult } from './build-site.ts';
import { pathOf } from './incremental-content.ts';
import type { PublishSource } from './publish-source.ts';

/** What a whole build for publishing is told besides what to build. */
export interface WholeRequest extends Omit<BuildRequest, 'out'> {
  readonly site: string;
  /** What git called each incident's file before the build read it. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** An edition that was built as a whole, in a folder that is gone once it is disposed of; or why there is none. */
export interface WholeBuild extends AsyncDisposable {
  readonly source: PublishSource | undefined;
  readonly rendered: number;
  readonly problems: readonly Problem[];
}

/** Builds the whole page into a folder of its own in the cache. */
export async function buildWhole({ site, blobs, ...request }: WholeRequest): Promise<WholeBuild> {
  const { cacheDir } = request;
  await mkdir(cacheDir, { recursive: true });
  const dir = await realpath(await mkdtemp(join(cacheDir, prefix)));
  await removeOld(cacheDir, [prefix], (await stat(dir)).mtime);
  const gone = async () => {
    await rm(dir, { recursive: true, force: true });
    await forgetOutput(dir, cacheDir);
  };
  try {
    const { buildSite } = await import('./build-site.ts');
    const { model, pages, problems } = await buildSite({ ...request, out: dir });
    const source = model === undefined ? undefined : { site, ...(await sourceOf(dir, model, blobs)) };
    return { source, rendered: pages, problems, [Symbol.asyncDispose]: gone };
  } catch (error) {
    await gone();
    throw error;
  }
}

const prefix = 'publish-';

async function sourceOf(
  dir: string,
  { history }: NonNullable<BuildResult['model']>,
  blobs: ReadonlyMap<string, string>,
): Promise<Omit<PublishSource, 'site'>> {
  const files = new Map<string, string>();
  for (const path of await filesBelow(dir)) files.set(path, hash('sha256', await readFile(join(dir, path))));
  const incidents = history.flatMap((incident) => {
    // One that came while the page was built is new to the next build as well.
    const blob = blobs.get(pathOf(incident.id));
    return blob === undefined ? [] : [indexedIncident(incident, blob)];
  });
  return { files, bytes: (path) => readFile(join(dir, path)), incidents: newestFirst(incidents) };
}
