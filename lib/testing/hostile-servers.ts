import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TestCertificate } from './certificates.ts';

/** A server on a free port of loopback, gone with all its connections at the end of its scope. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, or `https` where it has a certificate. */
  readonly origin: string;
  /** The connections so far. */
  readonly connections: readonly Socket[];
}

/** An HTTP server as Node makes it; with a certificate it speaks TLS. */
export async function serveHttp(answer: RequestListener, certificate?: TestCertificate): Promise<TestServer> {
  const server: HttpServer = certificate ? createHttpsServer({ ...certificate }, answer) : createHttpServer(answer);
  return started(server, certificate ? 'https' : 'http');
}

/** A server that does what it likes with a connection once the first bytes came, whatever they say. */
export async function serveRaw(act: (socket: Socket) => void): Promise<TestServer> {
  return started(
    createTcpServer((socket) => socket.once('data', () => act(socket))),
    'http',
  );
}

/** A server that does what it likes with a connection at once. */
export async function serveConnections(act: (socket: Socket) => void): Promise<TestServer> {
  return started(createTcpServer(act), 'http');
}

/** Write the same bytes for as long as the other side takes them. */
export function pour(socket: Socket, bytes: string | Uint8Array): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

/** Write a text byte by byte, one each few milliseconds, again and again. */
export function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(text.charAt(at));
    at = (at + 1) % text.length;
  }, 5);
  socket.on('close', () => clearInterval(timer));
}

/** An answer as it stands on the wire, with `Connection: close`. */
export function answerOf(headers: readonly string[], body = ''): string {
  return ['HTTP/1.1 200 OK', 'Connection: close', ...headers, '', body].join('\r\n');
}

/** A port of loopback on which nobody listens. */
export async function unusedPort(): Promise<number> {
  await using server = await serveConnections((socket) => socket.destroy());
  return server.port;
}

async function started(server: Server, protocol: string): Promise<TestServer> {
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    connections.push(socket);
    socket.on('error', () => undefined); // Clients that go away are what these tests are about.
  });
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    origin: `${protocol}://127.0.0.1:${address.port}`,
    connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of connections) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
