import { lookup, Resolver } from 'node:dns/promises';
import { addAbortListener } from 'node:events';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AskContext } from './ask.ts';

/**
 * The addresses of a host, as text; none where nobody knows any or the signal is aborted. Numbers in odd forms (`0x7f.1`,
 * `2130706433`) become the address that they mean.
 */
export async function resolveHost(host: string, context: AskContext): Promise<readonly string[]> {
  const literal = literalOf(host);
  if (literal !== undefined) return [literal];
  if (context.resolve !== undefined) return context.resolve(host);
  return (await askServers(host, context.signal)) ?? (await askSystem(host, context.signal));
}

/** An address in whatever form, as the URL standard reads hosts; `undefined` for a name. */
function literalOf(host: string): string | undefined {
  if (isIP(host) !== 0) return host;
  const parsed = URL.parse(`http://${host}/`)?.hostname;
  return parsed !== undefined && isIP(parsed) === 4 ? parsed : undefined;
}

/**
 * Ask the name servers directly: unlike the system's own resolver, which has two threads for all, a server that does not
 * answer holds up nothing else and can be given up. `undefined` where the system may know better: names without a dot,
 * and what the servers do not know, such as names in a hosts file or in a search domain.
 */
export async function askServers(
  host: string,
  signal: AbortSignal,
  resolver: Resolver = new Resolver(),
): Promise<readonly string[] | undefined> {
  if (signal.aborted) return [];
  if (!/\.[^.]/.test(host) || /\.(?:local|localhost)\.?$/i.test(host)) return undefined;
  const given = addAbortListener(signal, () => resolver.cancel());
  const found: string[] = [];
  const asked = [resolver.resolve4(host), resolver.resolve6(host)].map(async (answer) => found.push(...(await answer)));
  const all = Promise.allSettled(asked);
  try {
    await Promise.race([
      all,
      Promise.any(asked).then(
        () => sleep(slowerFamilyMs),
        () => all,
      ),
    ]);
  } finally {
    given[Symbol.dispose]();
    resolver.cancel();
  }
  if (found.length > 0) return found;
  const failures = (await all).flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  return failures.every(mayBeKnownElsewhere) ? undefined : [];
}

/** How long one family of addresses waits for the other, as RFC 8305 advises. */
const slowerFamilyMs = 50;

/** The servers answered that there is no such name, or this machine has no servers to ask. */
function mayBeKnownElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && notFound.has(error.code);
}

const notFound: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);

/** The system's resolver cannot be given up, so the probe goes on without it when the signal is aborted. */
async function askSystem(host: string, signal: AbortSignal): Promise<readonly string[]> {
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<readonly string[]>();
  if (signal.aborted) return [];
  const given = addAbortListener(signal, () => giveUp([]));
  const known = lookup(host, { all: true }).then(
    (entries) => entries.map(({ address }) => address),
    () => [],
  );
  return Promise.race([known, givenUp]).finally(() => given[Symbol.dispose]());
}
