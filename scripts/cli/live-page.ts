import { join } from 'node:path';
import { openSite, type Site } from '../../lib/adapters/static-server.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { BuildResult } from '../pipeline/build-site.ts';

/** The page as it is served while its content changes: the last one that could be built. */
export interface LivePage {
  readonly current: () => Site | undefined;
  /** Build again; the page changes as a whole, and only where the content is fit to publish. */
  readonly rebuild: () => Promise<Rebuilt>;
}

/** What one build came to. */
export interface Rebuilt {
  readonly built: boolean;
  readonly pages: number;
  readonly problems: readonly Problem[];
  readonly tookMs: number;
}

/** A page that `build` writes below `folder`: two folders take turns, so that nobody sees one that is being written. */
export function livePage(folder: string, build: (out: string) => Promise<BuildResult>): LivePage {
  let [next, other] = [join(folder, 'a'), join(folder, 'b')];
  let site: Site | undefined;
  return {
    current: () => site,
    rebuild: async () => {
      const startedAt = performance.now();
      const { model, pages, problems } = await build(next);
      if (model !== undefined) {
        site = await openSite(next);
        [next, other] = [other, next];
      }
      return { built: model !== undefined, pages, problems, tookMs: performance.now() - startedAt };
    },
  };
}
