import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type FakeBucket, startFakeBucket } from '../../testing/fake-bucket.ts';
import { edition, publicFile, written } from '../../testing/publish-target-contract.ts';
import { openTarget } from './open-target.ts';

const page = '<!doctype html><title>All systems operational</title>'.repeat(40);

function addressOf({ gcs, bucket, prefix }: FakeBucket, path: string): string {
  return `${gcs.apiEndpoint}/${bucket}/${prefix}${path}`;
}

test('a page is stored compressed: who accepts gzip gets it so, and who does not gets it plain', async () => {
  await using place = await startFakeBucket();
  await written(place.open(), publicFile('index.html', page));
  const stored = place.gcs.object(place.bucket, 'status/index.html');
  expect(stored?.fields).toEqual({
    contentType: 'text/html; charset=utf-8',
    contentEncoding: 'gzip',
    cacheControl: 'no-cache',
    metadata: { 'candor-hash': expect.stringMatching(/^[0-9a-f]{64}$/), 'candor-edition': JSON.stringify(edition) },
  });
  expect(stored?.bytes.length).toBeLessThan(page.length / 5);
  expect(gunzipSync(stored?.bytes ?? '').toString()).toBe(page);
  const zipped = await fetch(addressOf(place, 'index.html'));
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(await zipped.text()).toBe(page);
  const plain = await fetch(addressOf(place, 'index.html'), { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe(page);
});

test('what is compressed already is stored as it is', async () => {
  await using place = await startFakeBucket();
  await written(place.open(), publicFile('_astro/inter.B1x.woff2', 'a font'));
  const stored = place.gcs.object(place.bucket, 'status/_astro/inter.B1x.woff2');
  expect(stored?.bytes.toString()).toBe('a font');
  expect(stored?.fields).toMatchObject({
    contentType: 'font/woff2',
    cacheControl: 'public, max-age=31536000, immutable',
  });
  expect(stored?.fields).not.toHaveProperty('contentEncoding');
});

test('the same page is always stored as the same bytes', async () => {
  await using place = await startFakeBucket();
  await written(place.open(), publicFile('a.html', page));
  await written(place.open(), publicFile('b.html', page));
  const [a, b] = ['a', 'b'].map((name) => place.gcs.object(place.bucket, `status/${name}.html`)?.bytes.toString('hex'));
  expect(a).toBe(b);
  expect(a).toMatch(/^1f8b08000000000000ff/);
});

test('a file costs one request, and each write and delete names the generation that it expects', async () => {
  await using place = await startFakeBucket();
  const target = place.open();
  const first = await written(target, publicFile('index.html', 'one'));
  const second = await written(target, publicFile('index.html', 'two'), first);
  await target.remove('index.html', second);
  expect(place.gcs.calls.map(({ method, name, query }) => [method, name, query['ifGenerationMatch']])).toEqual([
    ['objects.insert', 'status/index.html', '0'],
    ['objects.insert', 'status/index.html', first],
    ['objects.delete', 'status/index.html', second],
  ]);
});

test('a list takes a request for each thousand objects, and asks for no more of them than is needed', async () => {
  await using place = await startFakeBucket();
  const numbers = Array.from({ length: 2001 }, (_, number) => number).values();
  const planting = async () => {
    for (const number of numbers) await place.plant(`${number}.html`, '');
  };
  await Promise.all(Array.from({ length: 20 }, planting));
  const before = place.gcs.calls.length;
  expect((await place.open().list()).size).toBe(2001);
  const calls = place.gcs.calls.slice(before);
  expect(calls.map(({ method }) => method)).toEqual(['objects.list', 'objects.list', 'objects.list']);
  expect(calls[0]?.query).toMatchObject({
    prefix: 'status/',
    fields: 'items(name,generation,md5Hash,metadata),nextPageToken',
  });
});

test('what lies beside the prefix is not in the list, nor is the mark of the folder itself', async () => {
  await using place = await startFakeBucket('');
  await place.plant('status/index.html', 'ours');
  await place.plant('status/', '');
  await place.plant('status-old/index.html', 'not ours');
  await place.plant('index.html', 'not ours');
  for (const address of ['gs://status-example/status', 'gs://status-example/status/']) {
    const target = openTarget(address, { apiEndpoint: place.gcs.apiEndpoint, timing: place.timing });
    expect([...(await target.list()).keys()]).toEqual(['index.html']);
    expect(target.place).toBe('gs://status-example/status');
  }
});

test("an object whose build nobody can read is somebody else's", async () => {
  await using place = await startFakeBucket();
  const url = `${place.gcs.apiEndpoint}/upload/storage/v1/b/${place.bucket}/o?uploadType=multipart&name=status/odd.html`;
  const metadata = JSON.stringify({ metadata: { 'candor-edition': '{"commit":' } });
  const body = `--b\r\ncontent-type: application/json\r\n\r\n${metadata}\r\n--b\r\ncontent-type: text/html\r\n\r\nhi\r\n--b--`;
  await fetch(url, { method: 'POST', body, headers: { 'content-type': 'multipart/related; boundary=b' } });
  expect(await place.open().stat('odd.html')).toMatchObject({ hash: undefined, edition: undefined });
});

test('a page that is replaced while it is read is read anew', async () => {
  await using place = await startFakeBucket();
  const target = place.open();
  const first = await written(target, publicFile('index.html', 'one'));
  let replaced: Promise<string> | undefined;
  place.gcs.fault = (call) => {
    if (call.method === 'objects.get') replaced ??= written(place.open(), publicFile('index.html', 'two'), first);
    return undefined;
  };
  place.gcs.latencyMs = 5;
  const read = await target.read('index.html');
  expect(Buffer.from(read?.bytes ?? []).toString()).toBe('two');
  expect(read?.facts.generation).toBe(await replaced);
});

test('writes to one name begin a second after each other, and writes to different names do not wait', async () => {
  await using place = await startFakeBucket();
  const target = place.open();
  await Promise.all(['a.html', 'b.html', 'c.html'].map((path) => written(target, publicFile(path, 'one'))));
  expect(place.waits).toEqual([]);
  const first = await written(target, publicFile('current.json', '1'));
  const second = await written(target, publicFile('current.json', '2'), first);
  expect(place.waits).toEqual([1000]);
  await target.remove('current.json', second);
  expect(place.waits).toEqual([1000, 1000]);
});
