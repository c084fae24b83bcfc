import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderTarget } from '../../lib/adapters/publish/folder-target.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { interleaved, type Schedule } from '../../lib/testing/interleaved.ts';
import { type MemoryTarget, memoryTarget } from '../../lib/testing/memory-target.ts';
import { type Given, publicFiles, publishOf } from '../../lib/testing/publishes.ts';
import { editionAt, gapsIn, type SmallSite, smallSite, someFacts } from '../../lib/testing/small-site.ts';
import { publishSite } from './publish-site.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 8, minutes));
const publish = (given: Given) => publishSite(publishOf(given));

const base = smallSite({ styles: 'a', incidents: ['one'], components: ['mail'], snapshot: 'base' });
/** Changes a page that the newer one leaves as it was, and adds one that the newer one has not. */
const older = smallSite({
  styles: 'b',
  incidents: ['one', 'two'],
  components: ['mail', 'tills'],
  words: { 'history/index.html': 'older words' },
  snapshot: 'older',
});
const newer = smallSite({ styles: 'a', incidents: ['one', 'three'], components: ['mail'], snapshot: 'newer' });

async function withBase(): Promise<MemoryTarget> {
  const target = memoryTarget();
  await publish({ target, site: base, edition: editionAt(0), now: at(0), id: 'base' });
  return target;
}

/** Two publishers at once, the older build's first; then two more publishes of the newer one when everything has cooled. */
async function together(older: SmallSite, newer: SmallSite, schedule: Schedule) {
  const target = await withBase();
  const ends = await interleaved(
    target,
    [
      (turn) => publish({ target: turn, site: older, edition: editionAt(10), now: at(11), id: 'older' }),
      (turn) => publish({ target: turn, site: newer, edition: editionAt(11), now: at(11), id: 'newer' }),
    ],
    { schedule, afterEach: () => expect(gapsIn(target.objects, pagesOf(base))).toEqual([]) },
  );
  const left = publicFiles(target.objects);
  expect(Object.fromEntries(Object.entries(left).filter(([path]) => newer.has(path)))).toEqual(sorted(newer));
  const kinds = ends.map((end) => (end.status === 'fulfilled' ? end.value.kind : String(end.reason)));
  await publish({ target, site: newer, edition: editionAt(40), now: at(40), id: 'cool' });
  await publish({ target, site: newer, edition: editionAt(110), now: at(110), id: 'colder' });
  await publish({ target, site: newer, edition: editionAt(180), now: at(180), id: 'coldest' });
  expect(gapsIn(target.objects)).toEqual([]);
  expect(publicFiles(target.objects)).toEqual(sorted(newer));
  return kinds;
}

function pagesOf(site: SmallSite): string[] {
  return [...site.keys()].filter((path) => path.endsWith('.html'));
}

function sorted(site: SmallSite): Record<string, string> {
  return Object.fromEntries([...site].toSorted());
}

test('wherever a newer build comes in between, all of it stands at the end, and the older one notices', async () => {
  const seen = new Set<string>();
  for (let calls = 0; calls < 30; calls += 1) {
    const [kind, other] = await together(older, newer, (made) => (made < calls ? 0 : 1));
    expect(other).toBe('published');
    seen.add(kind ?? '');
  }
  expect([...seen].toSorted()).toEqual(['published', 'superseded']);
});

test('wherever an older build comes in between, it changes nothing of the newer one', async () => {
  for (let calls = 0; calls < 30; calls += 1) {
    const [, other] = await together(older, newer, (made) => (made < calls ? 1 : 0));
    expect(other).toBe('published');
  }
});

test('a page that an older build began is replaced before any page leads to it', async () => {
  const began = smallSite({ styles: 'a', incidents: ['two'], components: ['tills'], snapshot: 's' });
  const site = smallSite({ styles: 'a', incidents: ['two'], components: [], snapshot: 's' });
  for (let first = 0; first < 12; first += 1) {
    for (let second = 0; second < 12; second += 1) {
      // The older one goes first, and makes three calls more once the newer one has made some.
      const turns = [...Array(first).fill(0), ...Array(second).fill(1), 0, 0, 0];
      const [, other] = await together(began, site, (made) => turns[made] ?? 1);
      expect(other).toBe('published');
    }
  }
});

test('in whatever turns two builds are published, the newer one stands at the end in full', async () => {
  await fc.assert(
    fc.asyncProperty(someFacts, someFacts, fc.infiniteStream(fc.nat(1)), async (one, two, turns) => {
      const [, other] = await together(smallSite(one), smallSite(two), () => turns.next().value ?? 0);
      expect(other).toBe('published');
    }),
    { numRuns: 200 },
  );
});

test('in a folder, too, the newer one stands at the end in full', async () => {
  await fc.assert(
    fc.asyncProperty(someFacts, someFacts, fc.infiniteStream(fc.nat(1)), async (one, two, turns) => {
      await using place = await temporaryFolder();
      const [target, site] = [folderTarget(place.path), smallSite(two)];
      await publish({ target, site: base, edition: editionAt(0), now: at(0), id: 'base' });
      const ends = await interleaved(
        target,
        [
          (turn) => publish({ target: turn, site: smallSite(one), edition: editionAt(10), now: at(11), id: 'older' }),
          (turn) => publish({ target: turn, site, edition: editionAt(11), now: at(11), id: 'newer' }),
        ],
        { schedule: () => turns.next().value ?? 0 },
      );
      expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      const texts = await Promise.all([...site.keys()].map((path) => readFile(join(place.path, path), 'utf8')));
      expect(texts).toEqual([...site.values()]);
    }),
    { numRuns: 25 },
  );
});
