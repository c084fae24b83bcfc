import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type FakeBucket, startFakeBucket } from '../../lib/testing/fake-bucket.ts';
import type { GcsFault } from '../../lib/testing/fake-gcs.ts';
import { type Given, publicFiles, publishOf } from '../../lib/testing/publishes.ts';
import { editionAt, gapsIn, smallSite } from '../../lib/testing/small-site.ts';
import { publishSite } from './publish-site.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 8, minutes));
const first = smallSite({ styles: 'old', incidents: ['one'], components: ['tills'], snapshot: 'first' });
const second = smallSite({ styles: 'new', incidents: ['one', 'two'], components: ['tills'], snapshot: 'second' });

/** The pages that the public knows already. */
const known = [...first.keys()].filter((path) => path.endsWith('.html'));

const publish = (given: Given) => publishSite(publishOf(given));

/** What the bucket holds, as the public reads it. */
function heldBy({ gcs, bucket, prefix }: FakeBucket): Map<string, { readonly bytes: Uint8Array }> {
  return new Map(
    gcs.names(bucket).map((name) => {
      const object = gcs.object(bucket, name);
      const bytes = object?.bytes ?? Buffer.alloc(0);
      const plain = object?.fields.contentEncoding === 'gzip' ? gunzipSync(bytes) : bytes;
      return [name.slice(prefix.length), { bytes: plain }] as const;
    }),
  );
}

/** How many calls a publish of the second page made, whose call number `number` went wrong; checked at every call. */
async function callsWith(number: number, fault: GcsFault): Promise<number> {
  await using place = await startFakeBucket();
  await publish({ target: place.open(), site: first, edition: editionAt(0), now: at(0), id: 'first' });
  let calls = 0;
  place.gcs.fault = () => {
    calls += 1;
    expect(gapsIn(heldBy(place), known)).toEqual([]);
    return calls === number ? fault : undefined;
  };
  const result = await publish({
    target: place.open(),
    site: second,
    edition: editionAt(10),
    now: at(10),
    id: 'second',
  });
  expect(result).toMatchObject({ kind: 'published' });
  const held = publicFiles(heldBy(place));
  for (const [path, text] of second) expect([path, held[path]]).toEqual([path, text]);
  return calls;
}

test.each<[string, GcsFault]>([
  ['is refused for a moment', { status: 503 }],
  ['is done although the answer says that it failed', { status: 503, happened: true }],
  ['never arrives', { broken: 'before' }],
  ['loses its answer', { broken: 'after' }],
])(
  'whichever request to a bucket %s, the page is published all the same and names only what is there',
  async (_, fault) => {
    const calls = await callsWith(0, fault);
    expect(calls).toBeGreaterThan(10);
    for (let number = 1; number <= calls; number += 1) await callsWith(number, fault);
  },
);
