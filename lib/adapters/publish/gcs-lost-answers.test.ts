import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type FakeBucket, startFakeBucket } from '../../testing/fake-bucket.ts';
import type { GcsFault } from '../../testing/fake-gcs.ts';
import { publicFile, written } from '../../testing/publish-target-contract.ts';
import { openTarget } from './open-target.ts';
import type { PublishTarget } from './publish-target.ts';

/** Something goes wrong with the first call of each kind that is named, and with no other. */
function once(place: FakeBucket, fault: GcsFault, method = 'objects.insert'): void {
  let done = false;
  place.gcs.fault = (call) => {
    if (done || call.method !== method) return undefined;
    done = true;
    return fault;
  };
}

/** Another publisher does something while ours waits to try again. */
function whileWaiting(place: FakeBucket, work: () => Promise<unknown>): PublishTarget {
  const sleep = async () => {
    place.gcs.fault = () => undefined;
    await work();
  };
  const { gcs, bucket, prefix } = place;
  return openTarget(`gs://${bucket}/${prefix}`, { apiEndpoint: gcs.apiEndpoint, timing: { ...place.timing, sleep } });
}

const troubles: readonly [string, GcsFault][] = [
  ['the connection breaks before it is done', { broken: 'before' }],
  ['the connection breaks after it is done', { broken: 'after' }],
  ['the service is in trouble (503) and did nothing', { status: 503 }],
  ['the service is in trouble (503) and did it all the same', { status: 503, happened: true }],
  ['the service fails (500) and did it all the same', { status: 500, happened: true }],
  ['a gateway gives up (504) and it was done all the same', { status: 504, happened: true }],
  ['the request took too long (408) and was done all the same', { status: 408, happened: true }],
  ['the service has had enough of us (429)', { status: 429 }],
];

test.each(troubles)('a new file is written once although %s', async (_what, fault) => {
  await using place = await startFakeBucket();
  once(place, fault);
  const outcome = await place.open().put(publicFile('index.html', 'ours'), undefined);
  const generation = place.gcs.object(place.bucket, 'status/index.html')?.generation;
  expect(outcome).toEqual({ kind: 'written', generation });
  expect((await place.visit('index.html'))?.toString()).toBe('ours');
});

test.each(troubles)('a file is replaced once although %s', async (_what, fault) => {
  await using place = await startFakeBucket();
  const first = await written(place.open(), publicFile('index.html', 'before'));
  once(place, fault);
  const outcome = await place.open().put(publicFile('index.html', 'ours'), first);
  const generation = place.gcs.object(place.bucket, 'status/index.html')?.generation;
  expect(outcome).toEqual({ kind: 'written', generation });
  expect(generation).not.toBe(first);
});

test.each(troubles)('a file is deleted although %s', async (_what, fault) => {
  await using place = await startFakeBucket();
  const first = await written(place.open(), publicFile('old.html', 'old'));
  once(place, fault, 'objects.delete');
  expect(await place.open().remove('old.html', first)).toBe('removed');
  expect(place.gcs.names(place.bucket)).toEqual([]);
});

test.each(troubles)('a list and a file are read although %s', async (_what, fault) => {
  await using place = await startFakeBucket();
  await written(place.open(), publicFile('index.html', 'ours'));
  for (const method of ['objects.list', 'objects.get', 'objects.download']) {
    once(place, fault, method);
    expect([...(await place.open().list()).keys()]).toEqual(['index.html']);
    expect(Buffer.from((await place.open().read('index.html'))?.bytes ?? []).toString()).toBe('ours');
  }
});

test('a refused precondition after a lost answer is success where what is there is ours', async () => {
  await using place = await startFakeBucket();
  once(place, { broken: 'after' });
  await written(place.open(), publicFile('index.html', 'ours'));
  expect(place.gcs.calls.map(({ method }) => method)).toEqual(['objects.insert', 'objects.insert', 'objects.get']);
});

test("a refused precondition after a lost answer is somebody else's write where what is there is not ours", async () => {
  await using place = await startFakeBucket();
  once(place, { broken: 'before' });
  const target = whileWaiting(place, () => place.open().put(publicFile('index.html', 'theirs'), undefined));
  const outcome = await target.put(publicFile('index.html', 'ours'), undefined);
  expect(outcome).toMatchObject({ kind: 'conflict', present: await place.open().stat('index.html') });
  expect((await place.visit('index.html'))?.toString()).toBe('theirs');
});

test('the same content from another build is not taken for our lost write', async () => {
  await using place = await startFakeBucket();
  const theirs = {
    ...publicFile('index.html', 'same'),
    edition: { committed_at: '2026-11-20T11:00:00Z', built_at: '2026-11-20T11:00:00Z' },
  };
  once(place, { broken: 'before' });
  const target = whileWaiting(place, () => place.open().put(theirs, undefined));
  const outcome = await target.put(publicFile('index.html', 'same'), undefined);
  expect(outcome).toMatchObject({ kind: 'conflict', present: { edition: theirs.edition } });
});

test('a lost write that somebody else replaced meanwhile is a conflict, and stays replaced', async () => {
  await using place = await startFakeBucket();
  once(place, { broken: 'after' });
  const target = whileWaiting(place, async () => {
    const ours = await place.open().stat('index.html');
    await place.open().put(publicFile('index.html', 'newer'), ours?.generation);
  });
  const outcome = await target.put(publicFile('index.html', 'ours'), undefined);
  expect(outcome.kind).toBe('conflict');
  expect((await place.visit('index.html'))?.toString()).toBe('newer');
});

test('where the last attempt loses its answer too, what is there says what became of it', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) =>
    call.method === 'objects.insert' ? { status: 503, happened: call.number === 6 } : undefined;
  expect((await place.open().put(publicFile('index.html', 'ours'), undefined)).kind).toBe('written');
  expect(place.gcs.calls).toHaveLength(7);
});

test('a delete whose file was replaced meanwhile deletes nothing', async () => {
  await using place = await startFakeBucket();
  const first = await written(place.open(), publicFile('index.html', 'one'));
  once(place, { status: 503 }, 'objects.delete');
  const target = whileWaiting(place, () => place.open().put(publicFile('index.html', 'two'), first));
  expect(await target.remove('index.html', first)).toBe('conflict');
  expect((await place.visit('index.html'))?.toString()).toBe('two');
});

test('between two attempts at one name lies a second at least, and what the service asks for', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) => (call.number < 3 ? { status: 429, retryAfter: '7' } : undefined);
  await written(place.open(), publicFile('current.json', '{}'));
  expect(place.waits).toEqual([7000, 7000]);
  place.gcs.fault = (call) => (call.number === 4 ? { status: 503 } : undefined);
  await written(place.open(), publicFile('index.html', ''));
  expect(place.waits.slice(2)).toEqual([1000]);
});

const large = randomBytes(9 * 1024 * 1024);
const mebibyte = 1024 * 1024;

test('a large file goes on where the connection broke', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) =>
    call.bytes > 4 * mebibyte && call.number === 2 ? { cutAfterBytes: 4 * mebibyte } : undefined;
  await written(place.open(), publicFile('large.png', large));
  const calls = place.gcs.calls.map(({ headers, bytes }) => [headers['content-range'], bytes]);
  expect(calls.slice(1)).toEqual([
    [`bytes 0-${large.length - 1}/${large.length}`, large.length],
    [`bytes */${large.length}`, 0],
    [`bytes ${4 * mebibyte}-${large.length - 1}/${large.length}`, 5 * mebibyte],
  ]);
  expect((await place.visit('large.png'))?.equals(large)).toBe(true);
});

test('a large file that arrived although its answer was lost is not sent again', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) => (call.bytes === large.length ? { broken: 'after' } : undefined);
  await written(place.open(), publicFile('large.png', large));
  expect(place.gcs.calls.filter(({ bytes }) => bytes > mebibyte)).toHaveLength(1);
});

test('a large file whose upload the service forgot begins anew', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) => (call.number === 2 ? { status: 410 } : undefined);
  await written(place.open(), publicFile('large.png', large));
  expect((await place.visit('large.png'))?.equals(large)).toBe(true);
});

test('a large file does not replace what came in between', async () => {
  await using place = await startFakeBucket();
  let planted: Promise<unknown> | undefined;
  place.gcs.fault = (call) => {
    if (call.number === 1) planted = place.open().put(publicFile('large.png', 'theirs'), undefined);
    return undefined;
  };
  const outcome = await place.open().put(publicFile('large.png', large), undefined);
  await planted;
  expect(outcome.kind).toBe('conflict');
  expect((await place.visit('large.png'))?.toString()).toBe('theirs');
});
