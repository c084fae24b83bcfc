import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';

/** A folder on a port of loopback; `close` drops what is still open. */
export interface FolderServer {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Serve a built folder as a bucket would: files and `index.html`, and `404.html` for what is not there. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const files = sirv(folder, { dev: true, extensions: [] });
  const server = createServer((request, response) => files(request, response, () => void notFound(folder, response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function notFound(folder: string, response: ServerResponse): Promise<void> {
  const body = await readFile(join(folder, '404.html')).catch(() => 'Not found');
  response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' }).end(body);
}
