import ipaddr from 'ipaddr.js';

/** How far an address may be asked: always, only where the page allows private targets, or never. */
export type AddressClass = 'public' | 'private' | 'forbidden';

/**
 * Judge an IPv4 or IPv6 address, in any spelling that a socket or a person gives it; a zone is ignored. An IPv4 address
 * inside an IPv6 one is judged as well, and the stricter verdict holds. What is no address is forbidden.
 */
export function classifyAddress(address: string): AddressClass {
  const [text = ''] = address.split('%');
  if (!ipaddr.isValid(text)) return 'forbidden';
  const parsed = ipaddr.parse(text);
  return parsed.kind() === 'ipv4' ? classOfIpv4(parsed.toByteArray()) : classOfIpv6(parsed.toByteArray());
}

/**
 * Services of clouds that answer a machine about itself, credentials among it. Those that are link-local are forbidden
 * with their range; these are not.
 */
const metadataRanges = [
  '100.100.100.200/32', // Alibaba
  '168.63.129.16/32', // Azure
  '192.0.0.192/32', // Oracle
  'fd00:ec2::/32', // Amazon
  'fd20:ce::254/128', // Google
  'fd00:c1::a9fe:a9fe/128', // Oracle
  'fd00:42::42/128', // Scaleway
].map((range) => ipaddr.parseCIDR(range));

/** The verdict by the library's name of a range. A name that is not here, of a later version, is forbidden. */
const classByRange: ReadonlyMap<string, AddressClass> = new Map([
  ['unicast', 'public'],
  ['as112', 'public'],
  ['as112v6', 'public'],
  ['amt', 'public'],
  ['loopback', 'private'],
  ['private', 'private'],
  ['uniqueLocal', 'private'],
  ['carrierGradeNat', 'private'],
  ['benchmarking', 'private'],
]);

/** The range for measuring networks, which the library counts among the reserved. */
const benchmarkingRange = ipaddr.IPv4.parseCIDR('198.18.0.0/15');

/** The part of IPv6 that is given out; the rest that has no name is reserved. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

function classOfIpv4(bytes: number[]): AddressClass {
  const address = new ipaddr.IPv4(bytes);
  if (isMetadata(address)) return 'forbidden';
  if (address.match(benchmarkingRange)) return 'private';
  return classByRange.get(address.range()) ?? 'forbidden';
}

function classOfIpv6(bytes: number[]): AddressClass {
  const address = ipaddr.fromByteArray(bytes);
  if (isMetadata(address)) return 'forbidden';
  const range: string = address.range();
  const inside = embeddedIpv4.filter(({ of }) => address.match(of));
  const carried = inside.flatMap(({ at, inverted }) =>
    at.map((from) => bytes.slice(from, from + 4).map((byte) => (inverted?.includes(from) ? byte ^ 0xff : byte))),
  );
  if (isatap(bytes)) carried.push(bytes.slice(12));
  if (range === 'loopback' || range === 'unspecified') return classByRange.get(range) ?? 'forbidden';
  const own =
    inside[0]?.own ?? (range === 'unicast' && !address.match(globalUnicast) ? 'forbidden' : classByRange.get(range));
  return strictest([own ?? 'forbidden', ...carried.map(classOfIpv4)]);
}

/** Where IPv6 carries IPv4: the prefix, the bytes at which an address begins, and what the prefix is by itself. */
const embeddedIpv4: readonly {
  readonly of: ReturnType<typeof prefix>;
  readonly at: readonly number[];
  readonly own: AddressClass;
  readonly inverted?: readonly number[];
}[] = [
  { of: prefix('::ffff:0:0/96'), at: [12], own: 'public' }, // mapped
  { of: prefix('::ffff:0:0:0/96'), at: [12], own: 'public' }, // translated
  { of: prefix('::/96'), at: [12], own: 'public' }, // compatible
  { of: prefix('64:ff9b::/96'), at: [12], own: 'public' }, // NAT64
  { of: prefix('64:ff9b:1::/48'), at: [12], own: 'private' }, // NAT64 of one network
  { of: prefix('2002::/16'), at: [2], own: 'public' }, // 6to4
  { of: prefix('2001::/32'), at: [4, 12], own: 'public', inverted: [12] }, // Teredo: its server, and its client
];

function prefix(text: string): [ipaddr.IPv6, number] {
  return ipaddr.IPv6.parseCIDR(text);
}

/** Whether the last half is an ISATAP one, which ends in an IPv4 address whatever the network is. */
function isatap(bytes: readonly number[]): boolean {
  const [first, ...rest] = bytes.slice(8, 12);
  return (first === 0x00 || first === 0x02) && rest.join() === '0,94,254';
}

function isMetadata(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return metadataRanges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
}

function strictest(classes: readonly AddressClass[]): AddressClass {
  return (['forbidden', 'private'] as const).find((one) => classes.includes(one)) ?? 'public';
}
