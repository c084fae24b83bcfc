import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf } from './client-address.ts';

test.each([
  ['an IPv4 address', '203.0.113.7', '203.0.113.7'],
  ['IPv4 in the clothes of IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
  ['the same in hexadecimal', '::FFFF:cb00:7107', '203.0.113.7'],
  ['IPv6 by its network', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['a neighbour in that network', '2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['another network', '2001:db8:1:3::9', '2001:db8:1:3::/64'],
  ['an address with a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['loopback', '::1', '0:0:0:0::/64'],
  ['a connection that is gone', undefined, 'unknown'],
])('%s: %s is %s', (_what, peer, expected) => {
  expect(clientOf({ peer, forwardedFor: undefined, trustedProxies: 0 })).toBe(expected);
});

const peer = '10.0.0.1';

test.each([
  ['nobody is believed', 0, '198.51.100.1', '10.0.0.1'],
  ['one proxy tells whom it heard from', 1, '198.51.100.1', '198.51.100.1'],
  ['what a client wrote before it does not count', 1, '1.1.1.1, 2.2.2.2, 198.51.100.1', '198.51.100.1'],
  ['two proxies', 2, '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['fewer entries than proxies: the first of them', 3, '198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['IPv6 behind a proxy', 1, '2001:db8::1', '2001:db8:0:0::/64'],
  ['an address with a port', 1, '198.51.100.1:4711', '198.51.100.1'],
  ['IPv6 with brackets and a port', 1, '[2001:db8::1]:4711', '2001:db8:0:0::/64'],
  ['nothing that could be an address', 1, 'unknown', '10.0.0.1'],
  ['numbers that some programs take for addresses', 1, '0x7f000001', '10.0.0.1'],
  ['fewer numbers than an address has', 1, '127.1', '10.0.0.1'],
  ['an empty header', 1, '', '10.0.0.1'],
  ['no header', 1, undefined, '10.0.0.1'],
])('%s', (_what, trustedProxies, forwardedFor, expected) => {
  expect(clientOf({ peer, forwardedFor, trustedProxies })).toBe(expected);
});

test('whatever a client writes, the proxy has the last word', () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), fc.integer({ min: 1, max: 3 }), (forged, real, proxies) => {
      const hops = Array.from({ length: proxies - 1 }, (_, hop) => `10.0.0.${hop + 2}`);
      const forwardedFor = [forged, real, ...hops].join(', ');
      expect(clientOf({ peer, forwardedFor, trustedProxies: proxies })).toBe(real);
      expect(clientOf({ peer, forwardedFor, trustedProxies: 0 })).toBe(peer);
    }),
  );
});
