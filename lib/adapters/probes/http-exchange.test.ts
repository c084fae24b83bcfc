import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { FailReason } from '../../schema/sample.ts';
import { drip } from '../../testing/counting-server.ts';
import { freePort } from '../../testing/free-port.ts';
import { answerOf, pour, serveConnections, serveHttp, serveRaw } from '../../testing/hostile-servers.ts';
import { fails, httpSample, passes } from '../../testing/http-sample.ts';

describe.concurrent('servers that misbehave', () => {
  const read = { expect: { body_contains: 'never' } };
  /** Time enough to be connected to on a busy machine. */
  const brief = { ...read, timeout_ms: 3000 };
  const matching = { ...brief, expect: { body_matches: '^ok$' } };

  test.each<[what: string, act: (socket: Socket) => void, reason: FailReason, asks?: object]>([
    ['resets', (socket) => socket.resetAndDestroy(), 'connection_lost'],
    ['closes without an answer', (socket) => socket.end(), 'connection_lost'],
    ['says nothing', () => undefined, 'timeout', brief],
    ['says what is no HTTP', (socket) => socket.end('220 mail.example ESMTP\r\n'), 'protocol_error'],
    ['says HTTP/2 at once', (socket) => socket.end('\0\0\x12\x04\0\0\0\0\0'), 'protocol_error'],
    ['never ends its headers', (socket) => pour(socket, answerHead('x: y\r\n'.repeat(1000))), 'protocol_error'],
    ['has one header without end', (socket) => pour(socket, answerHead(`x: ${'y'.repeat(9999)}`)), 'protocol_error'],
    ['drips its headers', (socket) => drip(socket, Buffer.from(answerHead('x: y'))), 'timeout', brief],
    ['drips its body', (socket) => drip(socket, Buffer.from(answerOf([], 'a'))), 'timeout', brief],
    ['stops within a body without a length', (socket) => socket.write(answerOf([], 'ok')), 'timeout', matching],
    ['stops within its body', (socket) => socket.write(answerOf(['Content-Length: 9'], 'a')), 'timeout', brief],
    ['never ends its body', (socket) => pour(socket, answerOf([], 'a'.repeat(99_999))), 'body_too_large'],
    ['ends before its length', (socket) => socket.end(answerOf(['Content-Length: 9'], 'a')), 'connection_lost'],
    ['resets within its body', (socket) => resetAfter(socket, answerOf(['Content-Length: 9'], 'a')), 'connection_lost'],
    [
      'has two lengths',
      (socket) => socket.end(answerOf(['Content-Length: 1', 'Content-Length: 2'])),
      'connection_lost',
    ],
    [
      'has a broken chunk',
      (socket) => socket.end(answerOf(['Transfer-Encoding: chunked'], 'zz\r\n')),
      'protocol_error',
    ],
    ['only promises answers', (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n'), 'protocol_error'],
    ['switches protocols', (socket) => socket.write(switching), 'connection_lost'],
    ['says more than its length', (socket) => pour(socket, answerOf(['Content-Length: 1'], 'abc')), 'unexpected_body'],
  ])('one that %s', async (_what, act, reason, asks = read) => {
    await using server = await serveRaw(act);
    expect(await httpSample(server.origin, asks)).toEqual(fails(reason));
  });

  test('one that closes each connection at once', async () => {
    await using server = await serveConnections((socket) => socket.destroy());
    expect(await httpSample(server.origin)).toEqual(fails('connection_lost'));
  });

  test('a port on which nobody listens refuses', async () => {
    expect(await httpSample(`http://127.0.0.1:${await freePort()}`)).toEqual(fails('connect_refused'));
  });

  test('one that answers and then keeps a connection open is asked anew by each sample', async () => {
    await using server = await serveHttp((_request, response) => response.end('ok'));
    expect(await httpSample(server.origin)).toEqual(passes);
    expect(await httpSample(server.origin)).toEqual(passes);
    expect(server.seen()).toBe(2);
  });

  const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

  function answerHead(headers: string): string {
    return `HTTP/1.1 200 OK\r\n${headers}`;
  }

  function resetAfter(socket: Socket, text: string): void {
    socket.write(text, () => socket.resetAndDestroy());
  }
});
