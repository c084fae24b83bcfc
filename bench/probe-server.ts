import { createServer } from 'node:http';

/** A server of its own process: `/` answers at once, `/slow` after 100 ms, `/hang` never. Tells its port to its parent. */
const server = createServer((request, response) => {
  if (request.url === '/hang') return;
  setTimeout(() => response.end('{"status":"ok"}'), request.url === '/slow' ? 100 : 0);
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
