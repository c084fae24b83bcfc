import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { countConnections } from '../../testing/counting-server.ts';
import { outcomeOf, sampleOf } from '../../testing/probe-sample.ts';

/** What comes of a tcp probe of a server that greets so. */
async function outcome(greet: (socket: Socket) => void, expected: object, more: object = {}): Promise<string> {
  await using server = await countConnections(createServer(greet));
  const { host, port } = server;
  return outcomeOf(await sampleOf({ kind: 'tcp', host, port, expect: expected, ...more }));
}

test('an open port passes, whatever the server says or does not say', async () => {
  expect(await outcome(() => undefined, {})).toBe('pass');
  expect(await outcome((socket) => socket.end('554 no\r\n'), {})).toBe('pass');
});

test('the banner is read as far as the text, in one piece or in many', async () => {
  expect(await outcome((socket) => socket.write('220 mail.example.com ESMTP\r\n'), { banner_contains: '220 ' })).toBe(
    'pass',
  );
  const inPieces = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.write('22', () => socket.write('0', () => socket.write(' mail')));
  };
  expect(await outcome(inPieces, { banner_contains: '220 mail' })).toBe('pass');
});

test.each(['utf8', 'latin1'] as const)('the text may come as %s', async (encoding) => {
  const greet = (socket: Socket): void => void socket.write(Buffer.from('Grüße', encoding));
  expect(await outcome(greet, { banner_contains: 'Grüße' })).toBe('pass');
});

test('text that Latin-1 lacks is not looked for in Latin-1', async () => {
  const greet = (socket: Socket): void => void socket.end(Buffer.from('€', 'latin1'));
  expect(await outcome(greet, { banner_contains: '€' })).toBe('unexpected_answer');
});

test('4 KiB are read and no more', async () => {
  const after = (bytes: number) => (socket: Socket) => void socket.write(`${'.'.repeat(bytes)}220`);
  expect(await outcome(after(4093), { banner_contains: '220' })).toBe('pass');
  expect(await outcome(after(4094), { banner_contains: '220' })).toBe('unexpected_answer');
});

test('a whole line of something else is a wrong answer once the time is up, and less than a line is none', async () => {
  const busy = (socket: Socket): void => void socket.write('421 too busy\r\n');
  expect(await outcome(busy, { banner_contains: '220' }, { timeout_ms: 3000 })).toBe('unexpected_answer');
  const slow = (socket: Socket): void => void socket.write('22');
  expect(await outcome(slow, { banner_contains: '220' }, { timeout_ms: 3000 })).toBe('timeout');
});

test('a server that hangs up or resets instead of a banner lost the connection', async () => {
  expect(await outcome((socket) => socket.end(), { banner_contains: '220' })).toBe('connection_lost');
  expect(await outcome((socket) => socket.resetAndDestroy(), { banner_contains: '220' })).toBe('connection_lost');
});

test('nothing is sent', async () => {
  let received = 0;
  await using server = await countConnections(
    createServer((socket) => {
      socket.on('data', (bytes) => {
        received += bytes.length;
      });
      socket.write('220 ready\r\n');
    }),
  );
  const { host, port } = server;
  await sampleOf({ kind: 'tcp', host, port, expect: { banner_contains: '220' } });
  await sampleOf({ kind: 'tcp', host, port });
  await server[Symbol.asyncDispose]();
  expect(received).toBe(0);
});
