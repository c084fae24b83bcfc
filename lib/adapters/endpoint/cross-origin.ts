import type { IncomingMessage } from 'node:http';

/** What `admission` needs to know of a request. */
type Asker = Pick<IncomingMessage, 'method' | 'headers'>;

/**
 * Headers, names and values in turn, that let scripts of `pageOrigin` read an answer: those of the page itself may
 * subscribe, also where the page lies elsewhere; those of other pages get no answer to read.
 */
export function admission({ method, headers: { origin } }: Asker, pageOrigin: string | undefined): readonly string[] {
  if (origin === undefined || origin !== pageOrigin) return varying;
  const admitted = ['access-control-allow-origin', origin, ...exposed, ...varying];
  return method === 'OPTIONS' ? [...admitted, ...preflight] : admitted;
}

const varying = ['vary', 'Origin'];
const exposed = ['access-control-expose-headers', 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'];
const preflight = [
  ...['access-control-allow-methods', 'POST'],
  ...['access-control-allow-headers', 'Content-Type'],
  ...['access-control-max-age', '7200'],
];
