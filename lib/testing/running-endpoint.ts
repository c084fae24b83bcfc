import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { cacheDirFor, engineDir } from '../../scripts/pipeline/engine.ts';
import { type EndpointLog, endpointLog } from '../adapters/endpoint/endpoint-log.ts';
import { endpointFront } from '../adapters/endpoint/front.ts';
import { type ClientPatience, hardenedServer } from '../adapters/endpoint/hardened-server.ts';
import { type Limits, memoryLimits } from '../adapters/endpoint/limits.ts';
import { openEndpoint, withAssets } from '../adapters/endpoint/open-endpoint.ts';
import { compileSite } from '../adapters/site-compiler.ts';
import { listen } from '../adapters/static-server.ts';
import { type DataKeys, newDataKey, readDataKeys } from '../subscriptions/data-keys.ts';
import type { AuditQuestion, EndpointFacts, OperationCall } from '../subscriptions/endpoint-call.ts';
import { endpointService } from '../subscriptions/endpoint-service.ts';
import type { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { memorySubscriptions } from './memory-subscriptions.ts';

/** An endpoint on loopback, and all that can be seen of it from inside. */
export interface RunningEndpoint extends AsyncDisposable {
  readonly origin: string;
  readonly store: SubscriptionStore;
  readonly keys: DataKeys;
  /** Every line of its log, as it was written. */
  readonly logged: string[];
  /** How often a confirmation was asked for. */
  readonly wishes: () => number;
}

/** What is different from an endpoint of a shop that keeps subscribers in memory and counts nothing yet. */
export interface EndpointDifferences {
  readonly store?: SubscriptionStore;
  readonly limits?: Limits;
  readonly trustedProxies?: number;
  readonly facts?: Partial<EndpointFacts>;
  readonly audit?: (question: AuditQuestion) => ReturnType<OperationCall['audit']>;
  readonly health?: OperationCall['health'];
  readonly patience?: ClientPatience;
  readonly now?: () => Date;
  readonly log?: EndpointLog;
  /** Whether the endpoint has opened; and when it is known. */
  readonly isReady?: () => boolean;
  readonly settled?: Promise<void>;
  readonly startPatienceMs?: number;
}

/** What the page of the shop says of itself. */
export const shopFacts: EndpointFacts = {
  page: {
    name: 'Marigold',
    url: 'https://status.marigold.example',
    support_email: 'help@marigold.example',
    endpoint_url: 'https://mail.marigold.example',
  },
  components: [
    { id: 'payments', name: 'Payments' },
    { id: 'reports', name: 'Reports' },
  ],
};

/** Start an endpoint at the top of its host; behind one proxy, so that a test can come from many addresses. */
export async function startEndpoint(differences: EndpointDifferences = {}): Promise<RunningEndpoint> {
  const { store = memorySubscriptions(), now = () => new Date(), limits = memoryLimits(now) } = differences;
  const keys = someKeys();
  const logged: string[] = [];
  let wishes = 0;
  const log = differences.log ?? endpointLog({ write: (line) => void logged.push(line) }, 'info');
  const failed = (error: unknown) => log.failed('The store cannot be used.', error);
  const wished = () => {
    wishes += 1;
  };
  const facts = { ...shopFacts, ...differences.facts };
  const service = endpointService({ store, keys, now, wished, failed });
  const {
    audit = () => Promise.resolve({ status: 200, document: { version: 1, entries: [] } }),
    health = () => Promise.resolve({ healthy: true, checks: {} }),
  } = differences;
  const site = await compileSite({ engineDir, cacheDir: cacheDirFor(engineDir), base: '/' });
  const endpoint = await openEndpoint(site, {
    facts: () => facts,
    service: () => service,
    audit,
    health,
  });
  const front = endpointFront({
    bases: () => ['/'],
    endpoint: () => (differences.isReady?.() === false ? undefined : endpoint()),
    settled: differences.settled ?? Promise.resolve(),
    ...(differences.startPatienceMs === undefined ? {} : { startPatienceMs: differences.startPatienceMs }),
    page: withAssets(
      () => site,
      (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('the page'),
    ),
    limits,
    trustedProxies: differences.trustedProxies ?? 1,
    log,
    now,
  });
  const server = await listen(hardenedServer(front, differences.patience), { host: '127.0.0.1', port: 0 });
  return {
    origin: server.origin,
    store,
    keys,
    logged,
    wishes: () => wishes,
    [Symbol.asyncDispose]: server.close,
  };
}

function someKeys(): DataKeys {
  const reading = readDataKeys(newDataKey());
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.keys;
}

/** An answer as it came over the wire. */
export interface Answered {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request that is sent exactly as it is written. */
export function ask(
  origin: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string | Uint8Array } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method, agent: false }, (response) => {
      buffer(response).then((bytes) => {
        resolve({ status: response.statusCode, headers: response.headers, text: bytes.toString() });
      }, reject);
    });
    sent.on('error', reject).end(body);
  });
}
