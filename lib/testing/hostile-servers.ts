import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TestCertificate } from './certificates.ts';
import { type CountingServer, countConnections } from './counting-server.ts';

/** A server of HTTP, or of what it takes for it. */
export interface HttpTestServer extends CountingServer {
  /** `http://127.0.0.1:PORT`, or `https` where it has a certificate. */
  readonly origin: string;
}

/** An HTTP server as Node makes it; with a certificate it speaks TLS. */
export function serveHttp(answer: RequestListener, certificate?: TestCertificate): Promise<HttpTestServer> {
  const server = certificate ? createHttpsServer({ ...certificate }, answer) : createHttpServer(answer);
  return started(server, certificate ? 'https' : 'http');
}

/** A server that does what it likes with a connection once the first bytes came, whatever they say. */
export function serveRaw(act: (socket: Socket) => void): Promise<HttpTestServer> {
  return serveConnections((socket) => socket.once('data', () => act(socket)));
}

/** A server that does what it likes with a connection at once. */
export function serveConnections(act: (socket: Socket) => void): Promise<HttpTestServer> {
  return started(createTcpServer(act), 'http');
}

/** Write the same bytes for as long as the other side takes them. */
export function pour(socket: Socket, bytes: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

/** An answer as it stands on the wire, with `Connection: close`. */
export function answerOf(headers: readonly string[], body = ''): string {
  return ['HTTP/1.1 200 OK', 'Connection: close', ...headers, '', body].join('\r\n');
}

async function started(server: Server, protocol: 'http' | 'https'): Promise<HttpTestServer> {
  const counting = await countConnections(server);
  return { ...counting, origin: `${protocol}://${counting.host}:${counting.port}` };
}
