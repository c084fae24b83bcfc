import { listen, type RunningServer, siteHandler } from '../adapters/static-server.ts';

/** Serve a built folder on a free port of loopback, as a bucket would; `base` begins and ends with a slash. */
export async function serveFolder(folder: string, base = '/'): Promise<RunningServer> {
  return listen(
    siteHandler(() => ({ folder, base })),
    { host: '127.0.0.1', port: 0 },
  );
}
