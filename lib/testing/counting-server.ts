import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

/** A server on loopback that counts who comes; close it with `await using`, which ends every connection. */
export interface CountingServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** How often it was asked since it began. */
  readonly seen: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
}

/** Let a server that does not listen yet listen on a free port of loopback, and count its connections. */
export async function countConnections(server: Server): Promise<CountingServer> {
  const open = new Set<Socket>();
  let seen = 0;
  server.on('connection', (socket: Socket) => {
    seen += 1;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return {
    host: '127.0.0.1',
    port: address.port,
    seen: () => seen,
    open: () => open.size,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Send the text a byte at a time, and its last byte again and again until the other side has had enough. */
export function drip(socket: Socket, bytes: Uint8Array): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at, at + 1));
    at = Math.min(at + 1, bytes.length - 1);
  }, 5);
  socket.on('close', () => clearInterval(timer));
}
