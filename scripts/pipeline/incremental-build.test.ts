import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filesBelow } from '../../lib/adapters/tree.ts';
import type { PublishedList } from '../../lib/policy/published-list.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { EditedPage, edits } from '../../lib/testing/edited-page.ts';
import { buildSite } from './build-site.ts';
import { cacheDirFor, engineDir } from './engine.ts';
import { type BuiltEdition, incrementalBuild } from './incremental-build.ts';

const cacheDir = cacheDirFor(engineDir);

/** What lies in a target: the list, and the hash of each file's bytes. */
interface Target {
  readonly list: PublishedList | undefined;
  readonly hashes: ReadonlyMap<string, string>;
}

const empty: Target = { list: undefined, hashes: new Map() };

function requestFor({ root, now, redactNames, measurements }: EditedPage) {
  return { root, engineDir, cacheDir, now: new Date(now), redactNames, measurements, siteKey: async () => 'a key' };
}

/** Publishes the page as it is: what the target has already is not asked for. */
async function published(page: EditedPage, target: Target): Promise<{ target: Target; edition: BuiltEdition }> {
  await using build = incrementalBuild(requestFor(page));
  const edition = await build.make(target.list);
  const hashes = new Map<string, string>();
  for (const [path, expected] of edition.files) {
    const present = target.hashes.get(path);
    const unchanged = present === expected && target.list?.files.get(path)?.hash === expected;
    hashes.set(path, unchanged ? present : hash('sha256', await edition.bytes(path)));
  }
  const files = new Map([...hashes].map(([path, hash]) => [path, { hash, generation: '1' }]));
  const { site, incidents } = edition;
  return { target: { hashes, list: { site, files, retired: new Map(), incidents } }, edition };
}

/** What a whole build of the page comes to. */
async function wholeBuild(page: EditedPage, out: string): Promise<ReadonlyMap<string, string>> {
  const { model, problems } = await buildSite({ ...requestFor(page), cacheDir, out });
  expect(model, JSON.stringify(problems)).toBeDefined();
  return new Map((await filesBelow(out)).map((path) => [path, hash('sha256', readFileSync(join(out, path)))]));
}

const names = Object.keys(edits).filter((name): name is keyof typeof edits => name in edits);
const anyEdits = fc.array(fc.tuple(fc.constantFrom(...names), fc.nat(5000), fc.boolean()), {
  minLength: 12,
  maxLength: 12,
});

test.each([true, false])(
  'after any edit the target holds what a whole build would, byte for byte (in a repository: %s)',
  async (isRepository) => {
    await fc.assert(
      fc.asyncProperty(anyEdits, async (sequence) => {
        await using out = await temporaryFolder();
        await using page = await EditedPage.withArchive(64, isRepository);
        let { target } = await published(page, empty);
        for (const [kind, pick, added] of sequence) {
          await page.edit(kind, pick);
          if (added && isRepository) await page.add();
          const next = await published(page, target);
          expect(next.target.hashes).toEqual(await wholeBuild(page, join(out.path, 'page')));
          if (next.edition.whole === undefined) expect(next.edition.rendered).toBeLessThanOrEqual(mostPages(page));
          target = next.target;
        }
      }),
      { numRuns: 1 },
    );
  },
);

/** Front, list of months, not found, components, open incidents; one incident, its months before and after and their neighbours. */
function mostPages(page: EditedPage): number {
  return 3 + page.components + page.open.length + 1 + 2 * 3;
}
