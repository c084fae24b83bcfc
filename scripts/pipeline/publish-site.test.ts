import { expect, test } from 'vitest';
import { Failure } from '../../lib/adapters/failure.ts';
import { publishMinutes } from '../../lib/policy/constants.ts';
import { type MemoryTarget, memoryTarget, watchedTarget } from '../../lib/testing/memory-target.ts';
import { publicFiles, publishOf } from '../../lib/testing/publishes.ts';
import { editionAt, smallSite } from '../../lib/testing/small-site.ts';
import { type PublishRequest, publishSite } from './publish-site.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 8, minutes));
const site = smallSite({ styles: 'a', incidents: ['one'], components: ['mail'], snapshot: 'first' });
const next = smallSite({ styles: 'a', incidents: ['one', 'two'], components: ['mail'], snapshot: 'second' });

/** Publish a page that was built that many minutes after eight. */
function publish(
  target: PublishRequest['target'],
  page: typeof site,
  minutes: number,
  how: Partial<PublishRequest> = {},
) {
  const given = { target, site: page, edition: editionAt(minutes), now: at(minutes), id: `at ${minutes}` };
  return publishSite({ ...publishOf(given), ...how });
}

async function withSite(): Promise<MemoryTarget> {
  const target = memoryTarget();
  await publish(target, site, 0);
  return target;
}

const kindOf = async (result: ReturnType<typeof publish>) => (await result).kind;

test('only what changed goes out', async () => {
  const target = await withSite();
  const uploads: string[] = [];
  const watched = watchedTarget(target, (call, work) => {
    if (call.name === 'put' && !call.path.startsWith('.candor/')) uploads.push(call.path);
    return work();
  });
  const result = await publish(watched, next, 1);
  expect(result).toMatchObject({ kind: 'published', uploaded: uploads.length, sequence: 2, removed: 0, undeleted: [] });
  expect(uploads.toSorted()).toEqual([
    'api/v1/status/incidents.json',
    'api/v1/status/incidents/two.json',
    'components/mail/index.html',
    'current.json',
    'history/index.html',
    'incidents/two/index.html',
    'index.html',
  ]);
  expect(uploads.at(-1)).toBe('current.json');
});

test('the same edition again has nothing to add, and a newer one of the same files is noted', async () => {
  const target = await withSite();
  const before = target.objects.get('.candor/head.json')?.facts.generation;
  expect(await publish(target, site, 0)).toMatchObject({ kind: 'unchanged', sequence: 1 });
  expect(target.objects.get('.candor/head.json')?.facts.generation).toBe(before);
  expect(await publish(target, site, 5)).toMatchObject({ kind: 'published', uploaded: 0, sequence: 2 });
  expect(await kindOf(publish(target, next, 3))).toBe('superseded');
});

test('an older build changes nothing, unless it is told to', async () => {
  const target = await withSite();
  const before = publicFiles(target.objects);
  expect(await publish(target, next, -5)).toEqual({ kind: 'superseded', by: editionAt(0) });
  expect(publicFiles(target.objects)).toEqual(before);
  expect(await kindOf(publish(target, next, -5, { replaceNewer: true }))).toBe('published');
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...next].toSorted()));
});

test('a plan that is only to be shown writes nothing', async () => {
  const target = memoryTarget();
  const result = await publish(target, site, 0, { dryRun: true });
  expect([result.kind, target.objects.size]).toEqual(['planned', 0]);
});

test('what the last gate finds keeps everything here', async () => {
  const target = memoryTarget();
  const gate = (path: string) => (path === '404.html' ? [{ path, kind: 'email' as const }] : []);
  const result = await publish(target, site, 0, { gate });
  expect(result).toEqual({ kind: 'held', findings: [{ path: '404.html', kind: 'email' }] });
  expect(target.objects.size).toBe(0);
});

test('the last gate looks at nothing but what goes out', async () => {
  const target = await withSite();
  const seen: string[] = [];
  const gate = (path: string) => {
    seen.push(path);
    return [];
  };
  await publish(target, smallSite({ styles: 'a', incidents: ['one'], components: ['mail'], snapshot: 'x' }), 1, {
    gate,
  });
  expect(seen).toEqual(['current.json']);
});

test('files of others that stand in the way are named, and nothing is written', async () => {
  const target = memoryTarget();
  target.drop('index.html', 'somebody else');
  target.drop('photos/cat.jpg', 'a cat');
  await expect(publish(target, site, 0)).rejects.toThrow(
    new Failure('In memory, a file that Candor did not publish stands in the way:\n  index.html', {
      fix: 'Move them away, name another place with --to, or add --adopt to replace them.',
    }),
  );
  expect([...target.objects.keys()]).toEqual(['index.html', 'photos/cat.jpg']);
  expect(await kindOf(publish(target, site, 0, { adopt: true }))).toBe('published');
  await publish(target, next, 90);
  expect(publicFiles(target.objects)).toEqual(
    Object.fromEntries([...next, ['photos/cat.jpg', 'a cat'] as const].toSorted()),
  );
});

test('a file of ours that somebody replaced is not replaced in silence', async () => {
  const target = await withSite();
  target.drop('index.html', 'by hand');
  await expect(publish(target, next, 1)).rejects.toThrow(/\n {2}index\.html$/);
  expect(publicFiles(target.objects)['index.html']).toBe('by hand');
  expect(await kindOf(publish(target, next, 1, { adopt: true }))).toBe('published');
});

test.each([
  ['gone', (target: MemoryTarget) => target.lose('.candor/head.json')],
  ['no JSON', (target: MemoryTarget) => target.drop('.candor/head.json', '{')],
  ['of another shape', (target: MemoryTarget) => target.drop('.candor/head.json', '{"format":1}')],
  ['without its list', (target: MemoryTarget) => target.lose(listOf(target))],
])('a head that is %s is made anew, and nothing is uploaded again', async (_, damage) => {
  const target = await withSite();
  damage(target);
  expect(await publish(target, site, 1)).toMatchObject({ kind: 'published', uploaded: 0 });
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...site].toSorted()));
  expect(await publish(target, site, 1)).toMatchObject({ kind: 'unchanged' });
});

function listOf(target: MemoryTarget): string {
  return [...target.objects.keys()].find((path) => path.startsWith('.candor/files-')) ?? '';
}

test('what a newer Candor wrote is refused', async () => {
  const target = await withSite();
  target.drop('.candor/head.json', '{"format":2}');
  await expect(publish(target, site, 1)).rejects.toThrow(
    '.candor/head.json in memory was written by a newer Candor (format 2).',
  );
});

test('a file that is gone is brought back by a look at everything', async () => {
  const target = await withSite();
  target.lose('404.html');
  expect(await kindOf(publish(target, site, 0))).toBe('unchanged');
  expect(await publish(target, site, 0, { repair: true })).toMatchObject({ kind: 'published', uploaded: 1 });
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...site].toSorted()));
});

test('a newer snapshot that came out alone stays, and an older one does not', async () => {
  const target = await withSite();
  for (const [minutes, stays] of [
    [7, true],
    [3, false],
  ] as const) {
    const present = await target.stat('current.json');
    const bytes = new TextEncoder().encode('{"snapshot":"alone"}');
    const object = { path: 'current.json', bytes, contentType: '', cacheControl: '', edition: editionAt(minutes) };
    await target.put(object, present?.generation);
    expect(await kindOf(publish(target, stays ? next : site, stays ? 5 : 8))).toBe('published');
    expect(publicFiles(target.objects)['current.json'] === '{"snapshot":"alone"}').toBe(stays);
  }
});

test('what cannot be deleted waits for the next publish', async () => {
  const target = await withSite();
  await publish(target, smallSite({ styles: 'b', incidents: [], components: ['mail'], snapshot: 'x' }), 10);
  const stubborn = watchedTarget(target, async (call, work) => {
    if (call.name === 'remove') throw new Failure('You may not delete.', { fix: 'Ask.' });
    return work();
  });
  const result = await publish(
    stubborn,
    smallSite({ styles: 'b', incidents: [], components: ['mail'], snapshot: 'y' }),
    80,
  );
  expect(result).toMatchObject({
    kind: 'published',
    removed: 0,
    undeleted: ['incidents/one/index.html: You may not delete.'],
  });
  const last = smallSite({ styles: 'b', incidents: [], components: ['mail'], snapshot: 'z' });
  expect(await publish(target, last, 81)).toMatchObject({ removed: 4, undeleted: [] });
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...last].toSorted()));
});

test('a publish that takes too long stops, and the next one goes on', async () => {
  const target = memoryTarget();
  let calls = 0;
  const elapsedMs = () => {
    calls += 1;
    return calls > 5 ? publishMinutes * 60_000 + 1 : 0;
  };
  await expect(publish(target, site, 0, { elapsedMs })).rejects.toThrow(
    'Publishing to memory took more than 15 minutes, so it was stopped.',
  );
  expect(await kindOf(publish(target, site, 1))).toBe('published');
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...site].toSorted()));
});

test('bytes that changed since they were hashed are not published', async () => {
  const target = memoryTarget();
  const { makeSource } = publishOf({ target, site, edition: editionAt(0), now: at(0), id: 'x' });
  const source = { ...(await makeSource()), bytes: async () => new TextEncoder().encode('other') };
  await expect(publish(target, site, 0, { makeSource: async () => source })).rejects.toThrow(
    / changed while it was being published\.$/,
  );
});

test('names with spaces, quotes, signs and letters of all kinds are published as they are', async () => {
  const odd = new Map([...site, ['a b/"c"#%d\'é漢.txt', 'odd']]);
  const target = memoryTarget();
  await publish(target, odd, 0);
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...odd].toSorted()));
});
