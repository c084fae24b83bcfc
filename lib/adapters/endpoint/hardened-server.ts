import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { slowClientSeconds } from '../../policy/constants.ts';

/** How long a client may take, in milliseconds. */
export interface ClientPatience {
  /** From the connection, or the end of the request before, until the headers are there. */
  readonly headersMs: number;
  /** Until the whole request is there. */
  readonly requestMs: number;
  /** Between two requests on one connection. */
  readonly idleMs: number;
  /** While an answer is not taken. */
  readonly stalledMs: number;
  /** How often it is looked at. */
  readonly checkMs: number;
}

const slowMs = slowClientSeconds * 1000;
const usual: ClientPatience = {
  headersMs: slowMs - 4000,
  requestMs: slowMs - 2000,
  idleMs: 5000,
  stalledMs: slowMs - 1000,
  checkMs: 1000,
};

/** A server that cuts off who is too slow, and answers what is no HTTP with words. */
export function hardenedServer(handler: RequestListener, patience: ClientPatience = usual): Server {
  const server = createServer({
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    keepAliveTimeout: patience.idleMs,
    connectionsCheckingInterval: patience.checkMs,
  });
  server.timeout = patience.stalledMs;
  server.on('request', handler);
  // A client that asks first whether it may send gets its refusal before it does.
  server.on('checkContinue', handler);
  server.on('clientError', answerClientError);
  return server;
}

const answers: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = answers[error.code ?? ''] ?? '400 Bad Request';
  const body = `${status}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
