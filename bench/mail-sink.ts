import { createServer, type Socket } from 'node:net';

/**
 * An SMTP server of its own process that takes every mail at once and keeps none, so that what is measured is who sends.
 * Tells its port to its parent, and how many it took when it is asked.
 */
let taken = 0;

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.setNoDelay(true);
  socket.write('220 sink\r\n');
  let rest = '';
  let inMessage = false;
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    for (;;) {
      const end = rest.indexOf(inMessage ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const line = rest.slice(0, end);
      rest = rest.slice(end + (inMessage ? 5 : 2));
      inMessage = inMessage ? took(socket) : answered(socket, line);
    }
  });
});

function took(socket: Socket): false {
  taken += 1;
  socket.write('250 taken\r\n');
  return false;
}

/** Whether a message follows. */
function answered(socket: Socket, line: string): boolean {
  const isData = /^DATA/i.test(line);
  socket.write(/^EHLO/i.test(line) ? '250-sink\r\n250 PIPELINING\r\n' : isData ? '354 go\r\n' : '250 ok\r\n');
  return isData;
}

server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  process.send?.(address.port);
});
process.on('message', () => process.send?.(taken));
process.on('disconnect', () => process.exit());
