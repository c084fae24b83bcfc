import { isIP } from 'node:net';
import { type AddressClass, classifyAddress } from './target-address.ts';

/**
 * How far a host as it is written may be asked: an IP address in any spelling, or a name that is known to lead to one.
 * `undefined` of other names: they are judged by the address that is connected to. What looks like an address and is none
 * is forbidden.
 */
export function writtenTarget(host: string): AddressClass | undefined {
  const name = canonicalName(host);
  if (name === undefined) return 'forbidden';
  if (isIP(name) !== 0) return classifyAddress(name);
  if (metadataNames.has(name)) return 'forbidden';
  return localNames.test(name) ? 'private' : undefined;
}

/** Lower case, without brackets and final dot, and an IPv4 address of few or other numbers as four decimal ones. */
function canonicalName(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(bare) !== 0) return bare;
  const address = `http://${bare}/`;
  return URL.canParse(address) ? new URL(address).hostname.replace(/\.$/, '') : undefined;
}

const localNames =
  /^(?:(?:.*\.)?localhost|localhost\.localdomain|localhost6(?:\.localdomain6)?|ip6-(?:localhost|loopback))$/;

/** Names by which clouds offer their metadata. */
const metadataNames: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);
