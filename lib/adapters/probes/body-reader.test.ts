import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FailReason } from '../../schema/sample.ts';
import { answerOf, serveHttp, serveRaw } from '../../testing/hostile-servers.ts';
import { fails, httpSample, passes } from '../../testing/http-sample.ts';
import { readBody } from './body-reader.ts';

describe('bodies', () => {
  const ok = { expect: { body_contains: 'grün' } };
  const text = `${'a'.repeat(1000)}grün${'b'.repeat(1000)}`;

  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['zstd', zstdFrame(13, text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['GZIP', gzipSync(text)],
    ['identity', Buffer.from(text)],
  ])('are decoded from %s', async (encoding, body) => {
    await using server = await serveHttp((_request, response) => {
      response.setHeader('Content-Encoding', encoding).end(body);
    });
    expect(await httpSample(server.origin, ok)).toEqual(passes);
  });

  test.each<[what: string, encoding: string, body: Buffer, reason: FailReason]>([
    ['an encoding that nobody knows', 'snappy', Buffer.from(text), 'protocol_error'],
    ['more encodings than make sense', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text))), 'protocol_error'],
    ['gzip that is none', 'gzip', Buffer.from(text), 'protocol_error'],
    ['brotli that is none', 'br', Buffer.alloc(9, 0xff), 'protocol_error'],
    ['zstd that is none', 'zstd', Buffer.from(text), 'protocol_error'],
    ['zstd that needs much memory', 'zstd', zstdFrame(17, text), 'protocol_error'],
    ['gzip that is cut off', 'gzip', gzipSync('g'.repeat(100)).subarray(0, 15), 'protocol_error'],
    ['nothing at all', 'gzip', Buffer.alloc(0), 'unexpected_body'],
  ])('with %s fail', async (_what, encoding, body, reason) => {
    await using server = await serveHttp((_request, response) => {
      response.setHeader('Content-Encoding', encoding).end(body);
    });
    expect(await httpSample(server.origin, ok)).toEqual(fails(reason));
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(1 << 24))],
    ['deflate', deflateSync(Buffer.alloc(1 << 24))],
    ['br', brotliCompressSync(Buffer.alloc(1 << 24))],
    ['zstd', zstdCompressSync(Buffer.alloc(1 << 24))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(1 << 24)))],
  ])('that grow without end are not decoded past the limit (%s)', async (encoding, bomb) => {
    await using server = await serveHttp((_request, response) => {
      response.setHeader('Content-Encoding', encoding).end(bomb);
    });
    expect(await httpSample(server.origin, ok)).toEqual(fails('body_too_large'));
    expect(await httpSample(server.origin, { expect: { json: {} } })).toEqual(fails('body_too_large'));
  });

  test('are not read at all where nothing is expected of them, and the connection is closed', async () => {
    const closed = Promise.withResolvers<number>();
    await using server = await serveRaw((socket) => {
      socket.write(answerOf(['Content-Length: 1000000000'], 'a'));
      socket.once('close', () => closed.resolve(socket.bytesWritten));
    });
    expect(await httpSample(server.origin)).toEqual(passes);
    expect(await closed.promise).toBeLessThan(200);
  });

  test('are read only until the text is found', async () => {
    await using server = await serveRaw((socket) => socket.write(answerOf(['Content-Length: 1000000000'], text)));
    expect(await httpSample(server.origin, ok)).toEqual(passes);
  });

  test('that never end are pulled no further than the limit, whatever they grow to', async () => {
    const member = gzipSync(Buffer.alloc(1 << 20));
    for (const [contentEncoding, chunk] of [
      ['gzip', member],
      ['', Buffer.alloc(1024)],
    ] as const) {
      let pulled = 0;
      const endless = new Readable({ highWaterMark: 1024, read });
      function read() {
        pulled += chunk.length;
        endless.push(chunk);
      }
      expect(await readBody(endless, { contentEncoding, contentType: '' }, { kind: 'all' })).toEqual({
        kind: 'too_large',
      });
      expect(pulled).toBeLessThanOrEqual((1 << 20) + 4096);
      expect(endless.destroyed).toBe(true);
    }
  });

  test('of just the limit are read whole', async () => {
    const body = Readable.from([Buffer.alloc(1 << 20, 'a')]);
    const read = await readBody(body, { contentEncoding: '', contentType: '' }, { kind: 'all' });
    expect(read).toEqual({ kind: 'whole', text: 'a'.repeat(1 << 20) });
  });

  test.each([
    ['text/plain', Buffer.from('grün 😀')],
    ['text/plain; charset=iso-8859-1', Buffer.from('grün 😀', 'latin1')],
    ['text/plain; charset="utf-16le"', Buffer.from('grün 😀', 'utf16le')],
    ['text/plain; charset=nobody-knows', Buffer.from('grün 😀')],
  ])('are text as %s says, also where a character comes in two pieces', async (contentType, bytes) => {
    const pieces = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    expect(await readBody(pieces, { contentEncoding: '', contentType }, { kind: 'search', text: 'ün' })).toEqual({
      kind: 'found',
    });
  });
});

/** A zstd frame of one raw block that asks for a window of so many kilobytes, as a power of two. */
function zstdFrame(windowKilobytesLog: number, text: string): Buffer {
  const block = Buffer.from(text);
  const header = Buffer.alloc(3);
  header.writeUIntLE((block.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowKilobytesLog << 3]), header, block]);
}
