import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Passes connections on to a port of loopback, until it is told to hold everything back. */
export interface TcpPass extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing goes through, and no connection is refused: as behind a firewall that lost its mind. */
  readonly hold: () => void;
  /** What comes from now on goes through again; what was held is cut. */
  readonly letGo: () => void;
}

/** Start it in front of `target`. */
export async function startTcpPass(target: number): Promise<TcpPass> {
  const sockets = new Set<Socket>();
  let isHeld = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    keep(socket);
    if (isHeld) return void socket.pause();
    const other = connect(target, '127.0.0.1');
    keep(other);
    socket.pipe(other).pipe(socket);
    socket.once('close', () => other.destroy());
    other.once('close', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server that listens has a port.');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    hold: () => {
      isHeld = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    letGo: () => {
      isHeld = false;
      cut();
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
