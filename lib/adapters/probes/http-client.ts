import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { type buildConnector, Client } from 'undici';

/**
 * A client that speaks HTTP/1.1 on a connection that is open already, and on no other. It has no deadline, no cookies
 * and no proxy, and a limit to the headers of an answer.
 */
export function clientOn(socket: Socket, origin: string): Client {
  return clientThat(origin, (done) => (socket.destroyed ? done(new GoneError(), null) : done(null, socket)));
}

function clientThat(origin: string, connect: (done: buildConnector.Callback) => void): Client {
  return new Client(origin, {
    // Later: the client does not go on with a connection that it gets before it has finished asking for one.
    connect: (_options, done) => queueMicrotask(() => connect(done)),
    allowH2: false,
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize,
  });
}

const maxHeaderSize = 32 * 1024;

/** The connection ended before the request was sent on it. */
class GoneError extends Error {
  readonly code = 'ECONNRESET';
}

/** The parser is compiled with the first answer: with this one, lest the first probe of a run look slow. */
async function warmUp(): Promise<void> {
  const [near, far] = duplexPair();
  far.once('data', () => far.end('HTTP/1.1 204 No Content\r\n\r\n'));
  const client = clientThat('http://localhost', (done) => Reflect.apply(done, undefined, [null, near]));
  const { body } = await client.request({ path: '/', method: 'GET', reset: true });
  await body.dump();
  await client.destroy();
}

await warmUp();
