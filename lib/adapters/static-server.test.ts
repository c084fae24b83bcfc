import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryRoot, temporaryFolder } from '../testing/content-root.ts';
import { Failure } from './failure.ts';
import { listen, openSite, type RunningServer, siteHandler } from './static-server.ts';

const files = {
  'index.html': '<!doctype html><title>Front</title>',
  '404.html': '<!doctype html><title>Not found</title>',
  'current.json': '{"page":{"url":"https://status.example.com/acme"}}',
  'history/index.html': '<!doctype html><title>History</title>',
  '_astro/page.css': 'p{}',
  'feed.xml': '<feed/>',
  '.secret': 'secret',
} as const;

let folder: TemporaryRoot;
let server: RunningServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) await folder.write(path, text);
  const site = await openSite(folder.path);
  server = await listen(
    siteHandler(() => site),
    { host: '127.0.0.1', port: 0 },
  );
});
afterAll(async () => {
  await server.close();
  await folder[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A request whose path is sent exactly as it is written. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method, agent: false }, (response) => {
      buffer(response).then((bytes) => {
        resolve({ status: response.statusCode, headers: response.headers, body: bytes.toString() });
      }, reject);
    });
    sent.on('error', reject).end();
  });
}

test.each([
  ['the front page', '/acme/', 'text/html; charset=utf-8', files['index.html']],
  ['a page in a folder', '/acme/history/', 'text/html; charset=utf-8', files['history/index.html']],
  ['a page with a query', '/acme/history/?from=mail', 'text/html; charset=utf-8', files['history/index.html']],
  ['JSON', '/acme/current.json', 'application/json; charset=utf-8', files['current.json']],
  ['a feed', '/acme/feed.xml', 'application/xml', files['feed.xml']],
])('%s is served under the base of the page, and asked for again on every visit', async (_what, path, type, body) => {
  const { status, headers, body: got } = await ask(path);
  expect({ status, type: headers['content-type'], cache: headers['cache-control'], got }).toEqual({
    status: 200,
    type,
    cache: 'no-cache',
    got: body,
  });
  expect({ sniffing: headers['x-content-type-options'], referrer: headers['referrer-policy'] }).toEqual({
    sniffing: 'nosniff',
    referrer: 'strict-origin-when-cross-origin',
  });
});

test('a hashed asset is kept for good', async () => {
  const { headers, body } = await ask('/acme/_astro/page.css');
  expect({ cache: headers['cache-control'], body }).toEqual({
    cache: 'public, max-age=31536000, immutable',
    body: 'p{}',
  });
});

test('any page may read the JSON, and JSON alone', async () => {
  expect((await ask('/acme/current.json')).headers['access-control-allow-origin']).toBe('*');
  expect((await ask('/acme/')).headers['access-control-allow-origin']).toBeUndefined();
});

test('what has not changed is not sent again', async () => {
  const { headers } = await ask('/acme/');
  const again = await ask('/acme/', { 'if-none-match': String(headers['etag']) });
  expect({ status: again.status, body: again.body }).toEqual({ status: 304, body: '' });
});

test('HEAD has the headers of GET and no body', async () => {
  const { status, headers, body } = await ask('/acme/', {}, 'HEAD');
  expect({ status, length: headers['content-length'], body }).toEqual({
    status: 200,
    length: String(files['index.html'].length),
    body: '',
  });
});

test.each([
  ['from the start', 'bytes=0-4', 206, '<!doc'],
  ['to the end', 'bytes=-3', 206, 'le>'],
  ['beyond the end', 'bytes=999-', 416, 'This request cannot be answered.\n'],
])('a range %s is answered', async (_what, range, status, body) => {
  const answer = await ask('/acme/', { range });
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
});

test.each([
  ['the top', '/', 302, '/acme/'],
  ['the base without its slash', '/acme', 302, '/acme/'],
  ['a folder without its slash', '/acme/history?from=mail', 301, '/acme/history/?from=mail'],
])('%s leads to where the page is', async (_what, path, status, location) => {
  const answer = await ask(path);
  expect({ status: answer.status, location: answer.headers['location'] }).toEqual({ status, location });
});

test.each([
  ['no such page', '/acme/nope'],
  ['outside of the base', '/current.json'],
  ['a hidden file', '/acme/.secret'],
  ['a path that climbs', '/acme/../../../../etc/passwd'],
  ['an encoded path that climbs', '/acme/%2e%2e/%2e%2e/etc/passwd'],
  ['another host in disguise', '//evil.example/acme'],
  ['a missing asset', '/acme/_astro/nope.css'],
])('%s is answered with the page for what is not there', async (_what, path) => {
  const { status, headers, body } = await ask(path);
  expect({ status, cache: headers['cache-control'], body }).toEqual({
    status: 404,
    cache: 'no-cache',
    body: files['404.html'],
  });
});

test.each([
  ['a null byte', '/acme/%00'],
  ['a broken escape', '/acme/%zz'],
])('%s is refused', async (_what, path) => {
  expect((await ask(path)).status).toBe(400);
});

test('the page is only for reading', async () => {
  const { status, headers } = await ask('/acme/', {}, 'POST');
  expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'GET, HEAD' });
});

test('while there is no page the answer says so', async () => {
  const empty = await listen(
    siteHandler(() => undefined),
    { host: '127.0.0.1', port: 0 },
  );
  const response = await fetch(empty.origin);
  expect({ status: response.status, wait: response.headers.get('retry-after'), text: await response.text() }).toEqual({
    status: 503,
    wait: '5',
    text: 'The page is not built yet. The terminal says why.\n',
  });
  await empty.close();
});

test('a port that is taken is a failure that says what to do', async () => {
  const port = Number(new URL(server.origin).port);
  await expect(listen(() => {}, { host: '127.0.0.1', port })).rejects.toMatchObject({
    name: 'Failure',
    message: `Cannot listen on 127.0.0.1 port ${port}: another program uses that port.`,
    fix: 'Choose another with --host and --port; --port 0 takes any free port.',
  });
});

test('a folder without a page is a failure that says what to do', async () => {
  await using other = await temporaryFolder();
  await expect(openSite(other.path)).rejects.toEqual(
    new Failure(`There is no page in ${other.path}: it has no index.html.`, {
      fix: `Build it first: candor build --out ${other.path}`,
    }),
  );
});

test('a folder whose current.json cannot be read is a failure', async () => {
  await using other = await temporaryFolder();
  await other.write('index.html', '');
  await other.write('current.json', '{"page":{}}');
  await expect(openSite(other.path)).rejects.toMatchObject({ name: 'Failure', fix: 'Build the page again.' });
});

test('a page without current.json lies at the top', async () => {
  await using other = await temporaryFolder();
  await other.write('index.html', '');
  expect(await openSite(other.path)).toEqual({ folder: other.path, base: '/' });
});
