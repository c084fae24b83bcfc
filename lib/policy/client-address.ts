import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What is known of where a request came from. */
export interface RequestOrigin {
  /** The other end of the connection; absent where it is gone already. */
  readonly peer: string | undefined;
  /** `X-Forwarded-For`, as it arrived. */
  readonly forwardedFor: string | undefined;
  /** How many proxies in front of this server are believed: each has added whom it heard from at the end of the list. */
  readonly trustedProxies: number;
}

/**
 * The client that limits count: an IPv4 address, or the first 64 bits of an IPv6 address, because a client can choose
 * the others itself. Only what believed proxies wrote counts, so that nobody can invent an address for himself.
 */
export function clientOf({ peer, forwardedFor, trustedProxies }: RequestOrigin): string {
  const direct = networkOf(peer ?? '') ?? 'unknown';
  if (trustedProxies === 0 || forwardedFor === undefined) return direct;
  const chain = forwardedFor.split(',');
  return networkOf(chain[Math.max(0, chain.length - trustedProxies)] ?? '') ?? direct;
}

const networkHextets = 4;

function networkOf(text: string): string | undefined {
  const trimmed = text.trim();
  // What nearly every request has needs no second look.
  if (isIPv4(trimmed)) return trimmed;
  const bare = bareAddress(trimmed);
  if (!ipaddr.isValid(bare) || (!bare.includes(':') && !/^\d+\.\d+\.\d+\.\d+$/.test(bare))) return undefined;
  // An IPv4 address in the clothes of IPv6 is that IPv4 address.
  const address = ipaddr.process(bare);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const hextets = address.parts.slice(0, networkHextets).map((part) => part.toString(16));
  return `${hextets.join(':')}::/64`;
}

/** Some proxies write a port behind the address, brackets around it, and a zone into it. */
function bareAddress(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  const [, beforePort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  return (bracketed ?? beforePort ?? text).replace(/%.*$/, '');
}
