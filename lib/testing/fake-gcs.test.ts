import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type FakeGcs, startFakeGcs } from './fake-gcs.ts';
import { crc32c, selectFields } from './fake-gcs-store.ts';

/** The fake is held to what the service documents, so that nothing relies on what only the fake does. */
async function upload(gcs: FakeGcs, query: string, fields: object, body: string | Buffer): Promise<Response> {
  const parts = Buffer.concat([
    Buffer.from(
      `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(fields)}\r\n--b\r\nContent-Type: text/plain\r\n\r\n`,
    ),
    Buffer.from(body),
    Buffer.from('\r\n--b--'),
  ]);
  const headers = { 'content-type': 'multipart/related; boundary=b' };
  const url = `${gcs.apiEndpoint}/upload/storage/v1/b/bucket/o?uploadType=multipart${query}`;
  return fetch(url, { method: 'POST', headers, body: parts });
}

test('checksums are those of the known example', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(Buffer.from('e3069283', 'hex').toString('base64'));
});

test('of a resource only the fields remain that were asked for', () => {
  const page = { kind: 'k', nextPageToken: 't', items: [{ name: 'a', size: '1', metadata: { x: '1', y: '2' } }] };
  expect(selectFields(page, 'items(name,metadata/x),nextPageToken')).toEqual({
    nextPageToken: 't',
    items: [{ name: 'a', metadata: { x: '1' } }],
  });
  expect(selectFields(page, null)).toEqual(page);
});

test('an object is described as the API describes it', async () => {
  await using gcs = await startFakeGcs('bucket');
  const answer = await upload(
    gcs,
    '&ifGenerationMatch=0',
    { name: 'a b.txt', cacheControl: 'no-cache', metadata: { k: 'v' } },
    'hello',
  );
  expect(await answer.json()).toMatchObject({
    kind: 'storage#object',
    bucket: 'bucket',
    name: 'a b.txt',
    generation: expect.stringMatching(/^\d{16}$/),
    metageneration: '1',
    size: '5',
    contentType: 'text/plain',
    cacheControl: 'no-cache',
    md5Hash: 'XUFAKrxLKna5cZ2REBfFkg==',
    crc32c: 'mnG7TA==',
    metadata: { k: 'v' },
  });
});

test.each([
  ['gzip', 'gzip'],
  ['br, gzip;q=0.5', 'gzip'],
  ['gzip;q=0', null],
  ['identity', null],
])('who accepts %s gets a compressed object as %s', async (accepted, encoding) => {
  await using gcs = await startFakeGcs('bucket');
  await upload(gcs, '', { name: 'a.txt', contentEncoding: 'gzip' }, gzipSync('hello'));
  const answer = await fetch(`${gcs.apiEndpoint}/bucket/a.txt`, { headers: { 'accept-encoding': accepted } });
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(answer.headers.get('x-goog-stored-content-encoding')).toBe('gzip');
  expect(await answer.text()).toBe('hello');
});

test('what must not be transformed is sent as it is stored, and without Cache-Control is kept for an hour', async () => {
  await using gcs = await startFakeGcs('bucket');
  await upload(gcs, '', { name: 'a.txt', contentEncoding: 'gzip', cacheControl: 'no-transform' }, gzipSync('hello'));
  await upload(gcs, '', { name: 'b.txt' }, 'hello');
  const stored = await fetch(`${gcs.apiEndpoint}/bucket/a.txt`, { headers: { 'accept-encoding': 'identity' } });
  expect(stored.headers.get('content-encoding')).toBe('gzip');
  const plain = await fetch(`${gcs.apiEndpoint}/bucket/b.txt`);
  expect(plain.headers.get('cache-control')).toBe('public, max-age=3600');
});

test.each([
  ['&ifGenerationMatch=1', 412],
  ['&ifGenerationMatch=0', 412],
  ['&ifGenerationNotMatch=0', 200],
  ['&ifMetagenerationMatch=1', 200],
  ['&ifMetagenerationMatch=2', 412],
])('an upload over an object with %s is answered with %i', async (query, status) => {
  await using gcs = await startFakeGcs('bucket');
  await upload(gcs, '&name=a.txt', {}, 'one');
  expect((await upload(gcs, `&name=a.txt${query}`, {}, 'two')).status).toBe(status);
});

test('bytes that do not fit their hash are refused, and errors say why as the API does', async () => {
  await using gcs = await startFakeGcs('bucket');
  const answer = await upload(gcs, '', { name: 'a.txt', md5Hash: 'AAAA' }, 'hello');
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    error: {
      code: 400,
      message: 'MD5 hash does not match.',
      errors: [{ message: 'MD5 hash does not match.', domain: 'global', reason: 'invalid' }],
    },
  });
  expect(gcs.names('bucket')).toEqual([]);
});
