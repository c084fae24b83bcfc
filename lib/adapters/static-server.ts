import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import send from 'send';
import { z } from 'zod';
import { Failure } from './failure.ts';

/** A built folder and the path under which its pages expect to be found; `base` begins and ends with a slash. */
export interface Site {
  readonly folder: string;
  readonly base: string;
}

/** A server that listens; `close` lets what is under way finish, but does not wait for it longer than five seconds. */
export interface RunningServer {
  /** As a browser wants it, without a slash at the end. */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

const PageAddress = z.object({ page: z.object({ url: z.url() }) });
const graceMs = 5000;

/** The site in a built folder; a `Failure` where there is no page in it. */
export async function openSite(folder: string): Promise<Site> {
  const index = await stat(join(folder, 'index.html')).catch(() => undefined);
  if (index?.isFile() !== true) {
    throw new Failure(`There is no page in ${folder}: it has no index.html.`, {
      fix: `Build it first: candor build --out ${folder}`,
    });
  }
  return { folder, base: await baseOf(folder) };
}

async function baseOf(folder: string): Promise<string> {
  const file = join(folder, 'current.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return '/';
  try {
    const { pathname } = new URL(PageAddress.parse(JSON.parse(text)).page.url);
    return pathname.endsWith('/') ? pathname : `${pathname}/`;
  } catch (cause) {
    throw new Failure(`${file} does not say where the page belongs.`, { fix: 'Build the page again.', cause });
  }
}

/**
 * Answer requests from the files of the site that `current` returns at that moment, the way a bucket does;
 * 503 while there is none. Pages and JSON are revalidated on every visit, hashed assets are kept for good.
 */
export function siteHandler(current: () => Site | undefined): RequestListener {
  return (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'strict-origin-when-cross-origin');
    const site = current();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return plain(response, 405, 'This page is only for reading.');
    }
    if (site === undefined) {
      response.setHeader('retry-after', '5');
      return plain(response, 503, 'The page is not built yet. The terminal says why.');
    }
    answer(site, request, response);
  };
}

function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? '/';
  const end = target.includes('?') ? target.indexOf('?') : target.length;
  const pathname = target.slice(0, end).replace(/^\/{2,}/, '/');
  const query = target.slice(end);
  const redirectTo = (location: string, status: 301 | 302) =>
    response.writeHead(status, { location: location + query, 'cache-control': 'no-cache' }).end();

  if (`${pathname}/` === site.base || (pathname === '/' && site.base !== '/')) redirectTo(site.base, 302);
  else if (!pathname.startsWith(site.base)) notFound(site, response);
  else {
    sendFile(site, pathname.slice(site.base.length - 1), request, response).on('directory', () =>
      redirectTo(`${pathname}/`, 301),
    );
  }
}

function sendFile(site: Site, path: string, request: IncomingMessage, response: ServerResponse): send.SendStream {
  response.setHeader('cache-control', path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  const stream = send(request, path, { root: site.folder, cacheControl: false });
  stream.on('headers', (_response: ServerResponse, file: string) => {
    if (file.endsWith('.json')) response.setHeader('access-control-allow-origin', '*');
  });
  stream.on('error', (error: { status?: number }) => {
    if (response.headersSent) response.destroy();
    else if (error.status === 404 || error.status === 403) notFound(site, response);
    else plain(response, error.status ?? 500, 'This request cannot be answered.');
  });
  stream.pipe(response);
  return stream;
}

async function notFound(site: Site, response: ServerResponse): Promise<void> {
  const page = await readFile(join(site.folder, '404.html')).catch(() => undefined);
  response.setHeader('cache-control', 'no-cache');
  if (page === undefined) return plain(response, 404, 'There is no such page.');
  response.writeHead(404, { 'content-type': 'text/html; charset=utf-8', 'content-length': page.length }).end(page);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

/** Listen on `host` and `port` (0: any free one); a `Failure` that says what to do where that is not possible. */
export async function listen(
  handler: RequestListener | Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = handler instanceof Server ? handler : createServer(handler);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Failure(`Cannot listen on ${host} port ${port}: ${reasonOf(cause)}.`, {
      fix: 'Choose another with --host and --port; --port 0 takes any free port.',
      cause,
    });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return {
    origin: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: async () => {
      const late = setTimeout(() => server.closeAllConnections(), graceMs);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(late);
    },
  };
}

const reasons = new Map([
  ['EADDRINUSE', 'another program uses that port'],
  ['EACCES', 'this user may not use that port'],
  ['EADDRNOTAVAIL', 'this machine does not have that address'],
  ['ENOTFOUND', 'there is no such host name'],
]);

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return reasons.get(code) ?? code;
}
