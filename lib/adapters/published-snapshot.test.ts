import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/content-root.ts';
import { snapshotWith } from '../testing/mailing-list.ts';
import { publishedSnapshot } from './published-snapshot.ts';

const snapshot = snapshotWith('2026-11-20T10:07:00Z', [['investigating', '2026-11-20T09:30:00Z', 'We look.']]);
const newer = { ...snapshot, generated_at: '2026-11-20T10:08:00Z' };
const { signal } = new AbortController();

async function web(serve: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(serve);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a folder is read once, and again when it was built anew or was not dealt with', async () => {
  await using folder = await temporaryFolder();
  const source = publishedSnapshot(folder.path);
  await folder.write('current.json', JSON.stringify(snapshot));
  expect((await source.read(signal))?.snapshot).toEqual(snapshot);
  const read = await source.read(signal);
  expect(read?.snapshot).toEqual(snapshot);
  read?.dealtWith();
  expect(await source.read(signal)).toBeUndefined();
  await folder.write('current.json', JSON.stringify({ ...newer, stale_after_seconds: 901 }));
  expect((await source.read(signal))?.snapshot.generated_at).toBe(newer.generated_at);
});

test('a page is asked whether it changed', async () => {
  let shown = snapshot;
  const asked: unknown[] = [];
  await using server = await web((request, response) => {
    const tag = `"${shown.generated_at}"`;
    asked.push([request.url, request.headers['if-none-match']]);
    response.setHeader('etag', tag);
    if (request.headers['if-none-match'] === tag) return response.writeHead(304).end();
    response.setHeader('content-encoding', 'gzip');
    return response.end(gzipSync(JSON.stringify(shown)));
  });
  const source = publishedSnapshot(`${server.url}status`);
  expect(source.place).toBe(`${server.url}status/current.json`);
  const read = await source.read(signal);
  expect(read?.snapshot).toEqual(snapshot);
  expect((await source.read(signal))?.snapshot).toEqual(snapshot);
  read?.dealtWith();
  expect(await source.read(signal)).toBeUndefined();
  shown = newer;
  expect((await source.read(signal))?.snapshot).toEqual(newer);
  const tag = `"${snapshot.generated_at}"`;
  expect(asked).toEqual([undefined, undefined, tag, tag].map((condition) => ['/status/current.json', condition]));
});

test('an address that moved is followed', async () => {
  await using server = await web((request, response) => {
    if (request.url === '/old/current.json') return response.writeHead(301, { location: '/new/current.json' }).end();
    return response.end(JSON.stringify(snapshot));
  });
  expect((await publishedSnapshot(`${server.url}old/`).read(signal))?.snapshot).toEqual(snapshot);
});

test.each<[string, RequestListener, string]>([
  ['is not there', (_, response) => response.writeHead(404).end('no'), 'answered with status 404.'],
  ['is no JSON', (_, response) => response.end('<html>'), 'is no snapshot of a page'],
  ['is other JSON', (_, response) => response.end('{"version":2}'), '(at version: Invalid input: expected 1).'],
  [
    'breaks off',
    (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    'could not be fetched',
  ],
  ['is endless', (_, response) => flood(response), 'is larger than 32 MiB, so it was not read.'],
])('a snapshot that %s is an error with what to do', async (_what, serve, message) => {
  await using server = await web(serve);
  await expect(publishedSnapshot(server.url).read(signal)).rejects.toThrow(message);
});

function flood(response: Parameters<RequestListener>[1]): void {
  const chunk = Buffer.alloc(1024 * 1024, ' ');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more).on('error', () => response.destroy());
  more();
}

test('nor is a page fetched that nobody serves, or a folder read that is not there', async () => {
  const server = await web(() => undefined);
  await server[Symbol.asyncDispose]();
  await expect(publishedSnapshot(server.url).read(signal)).rejects.toThrow('could not be fetched (ECONNREFUSED).');
  await using folder = await temporaryFolder();
  await expect(publishedSnapshot(folder.path).read(signal)).rejects.toThrow('current.json cannot be read (ENOENT).');
});

test('somebody who stops does not wait for a page that never answers', async () => {
  const stop = new AbortController();
  await using server = await web(() => stop.abort());
  await expect(publishedSnapshot(server.url).read(stop.signal)).rejects.toThrow('could not be fetched');
});
