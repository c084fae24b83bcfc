import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { endpointLog } from '../lib/adapters/endpoint/endpoint-log.ts';
import { compileSite } from '../lib/adapters/site-compiler.ts';
import { listen } from '../lib/adapters/static-server.ts';
import { openFileSubscriptions } from '../lib/adapters/subscriptions/file-subscriptions.ts';
import type { EndpointCall } from '../lib/subscriptions/endpoint-call.ts';
import type { Outcome } from '../lib/subscriptions/endpoint-outcome.ts';
import { openUnsubscribe, sealedIdentity } from '../lib/subscriptions/subscriber-secrets.ts';
import { newToken, tokenKey } from '../lib/subscriptions/tokens.ts';
import { memorySubscriptions } from '../lib/testing/memory-subscriptions.ts';
import { shopFacts, startEndpoint } from '../lib/testing/running-endpoint.ts';
import { logLines } from '../scripts/cli/log-lines.ts';
import { cacheDirFor, engineDir } from '../scripts/pipeline/engine.ts';

/**
 * What is measured and what it is measured beside, each in a process of its own: `node` (bare node:http), `astro` (the
 * same templates through @astrojs/node alone, with answers that are known before: no limits, no body, no store, no log),
 * `memory` and `file` (the endpoint, over that store; `file` in the folder that follows). Tells its parent where it
 * listens; tells the work and the memory of the process when it is asked.
 */
const [, , mode = '', folder = ''] = process.argv;
/** One would confirm a subscription, the other end it; both stay good while it is only looked at. */
const tokens = { confirm: newToken(), leave: newToken() };
const dayMs = 86_400_000;

function start(): Promise<string> {
  if (mode === 'node') return listening(bareNode);
  return mode === 'astro' ? bareAstro() : endpoint();
}

async function listening(listener: RequestListener): Promise<string> {
  return (await listen(createServer(listener), { host: '127.0.0.1', port: 0 })).origin;
}

/** Reads what is sent, as whoever refuses it for what it says must, and answers with words. */
const bareNode: RequestListener = (request, response) => {
  if (request.method === 'GET') answer(response);
  else request.on('end', () => answer(response)).resume();
};

function answer(response: ServerResponse): void {
  const text = '{"error":{"code":"not_found","message":"There is nothing at this address."}}\n';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
}

/** Astro's adapter, as whoever mounts it in a server of Node does. */
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void, locals: object) => Promise<void>;
const ServerModule = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });

async function bareAstro(): Promise<string> {
  const { serverEntry } = await compileSite({ engineDir, cacheDir: cacheDirFor(engineDir), base: '/' });
  const { handler } = ServerModule.parse(await import(pathToFileURL(serverEntry).href));
  return listening((request, response) => {
    const { method, url = '', headers } = request;
    const [, name = ''] = /status\/(\w+)/.exec(url) ?? [];
    request.url = method === 'POST' ? '/api/v1/status/subscribe/' : `/api/v1/status/${name}/token/`;
    // Whoever has read the body hands it over; here nobody looks at it.
    Object.assign(request, { body: new Uint8Array() });
    const call: EndpointCall = {
      facts: shopFacts,
      outcome: outcomes.get(name) ?? { kind: 'unknown' },
      token: tokens.leave,
      body: { kind: 'form', fields: new Map() },
      answersJson: headers['content-type'] === 'application/json',
    };
    void handler(request, response, () => response.writeHead(404).end(), { endpoint: call });
  });
}

/** Answers that cost nothing. */
const outcomes = new Map<string, Outcome>([
  ['subscribe', { kind: 'accepted' }],
  ['confirm', { kind: 'unconfirmed' }],
  ['unsubscribe', { kind: 'subscribed', components: 'all' }],
]);

async function endpoint(): Promise<string> {
  const store = mode === 'file' ? await openFileSubscriptions(folder, ['key']) : memorySubscriptions();
  const { origin, keys } = await startEndpoint({ store, log: endpointLog(logLines(), 'info') });
  const wish = async (email: string, token: string) => {
    const identity = sealedIdentity(keys, { typed: email, folded: email });
    await store.subscribe({ ...identity, components: 'all', language: 'en', at: new Date() });
    const expiresAt = new Date(Date.now() + dayMs);
    await store.addConfirmation(identity.id, { key: tokenKey('confirm', token), expiresAt });
    return openUnsubscribe(keys, identity);
  };
  await wish('ada@example.com', tokens.confirm);
  const confirmed = newToken();
  tokens.leave = await wish('bea@example.com', confirmed);
  await store.confirm(tokenKey('confirm', confirmed), new Date());
  return origin;
}

const origin = await start();
process.send?.({ origin, tokens });
process.on('message', () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, heapMb: heapUsed / 1e6, rssMb: rss / 1e6 });
});
process.on('disconnect', () => process.exit());
