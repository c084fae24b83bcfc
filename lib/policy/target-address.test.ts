import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { classifyAddress } from './target-address.ts';

const verdicts = {
  public: ['8.8.8.8', '1.1.1.1', '192.175.48.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::200e'],
  private: [
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '198.18.0.1',
    '::1',
    '::1%lo',
    'fc00::1',
    'fd12:3456::1',
    '2001:2::1',
  ],
  forbidden: [
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '169.254.170.2',
    '169.254.42.42',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.7',
    '192.88.99.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fe80::a9fe:a9fe',
    'febf::1',
    'fec0::1',
    'fd00:ec2::254',
    'fd00:ec2::253',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    'ff02::1',
    '100::1',
    '2001:db8::1',
    '3fff::1',
    '2001:10::1',
    '2001:20::1',
    '5f00::1',
    '4000::1',
    '8000::1',
  ],
} as const;

test.each(
  Object.entries(verdicts).flatMap(([verdict, addresses]) => addresses.map((address) => [address, verdict] as const)),
)('%s is %s', (address, verdict) => expect(classifyAddress(address)).toBe(verdict));

test.each([
  ['0x7f.1', 'private'],
  ['2130706433', 'private'],
  ['127.1', 'private'],
  ['0177.0.0.1', 'private'],
  ['0xa9fea9fe', 'forbidden'],
  ['2852039166', 'forbidden'],
  ['169.254.43518', 'forbidden'],
  ['0', 'forbidden'],
])('a number in an odd form is judged by what it means: %s is %s', (address, verdict) =>
  expect(classifyAddress(address)).toBe(verdict),
);

test.each(['', ' ', 'localhost', 'example.com', '[::1]', '1.2.3.4.5', '256.1.1.1', ':::', '127.0.0.1/8', '%eth0'])(
  'what is no address is forbidden: %j',
  (text) => expect(classifyAddress(text)).toBe('forbidden'),
);

/** How IPv6 carries an IPv4 address, given as its two halves in hexadecimal. */
const carriers = {
  mapped: (high: string, low: string) => `::ffff:${high}:${low}`,
  translated: (high: string, low: string) => `::ffff:0:${high}:${low}`,
  NAT64: (high: string, low: string) => `64:ff9b::${high}:${low}`,
  '6to4': (high: string, low: string) => `2002:${high}:${low}::1`,
  ISATAP: (high: string, low: string) => `2606:4700::5efe:${high}:${low}`,
  'ISATAP of a public address': (high: string, low: string) => `2606:4700::200:5efe:${high}:${low}`,
} as const;

test.each(Object.entries(carriers))('an IPv4 address inside IPv6 is judged as that address (%s)', (_name, carry) => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(classifyAddress(carry(...halvesOf(address)))).toBe(classifyAddress(address));
    }),
  );
});

test.each([
  ['::7f00:1', 'private'],
  ['::127.0.0.1', 'private'],
  ['::ffff:127.0.0.1', 'private'],
  ['::ffff:169.254.169.254', 'forbidden'],
  ['0:0:0:0:0:ffff:a9fe:a9fe', 'forbidden'],
  ['64:ff9b::a9fe:a9fe', 'forbidden'],
  ['64:ff9b:1::808:808', 'private'],
  ['64:ff9b:1::a9fe:a9fe', 'forbidden'],
  ['2002:a9fe:a9fe::1', 'forbidden'],
  ['2001:0:808:808:0:0:f7f7:f7f7', 'public'],
  ['2001:0:808:808:0:0:5601:5601', 'forbidden'], // Teredo of 169.254.169.254, inverted
  ['2001:0:7f00:1:0:0:f7f7:f7f7', 'private'],
])('%s is %s', (address, verdict) => expect(classifyAddress(address)).toBe(verdict));

test('every address has a verdict, and a zone does not change it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      const verdict = classifyAddress(address);
      expect(['public', 'private', 'forbidden']).toContain(verdict);
      if (address.includes(':')) expect(classifyAddress(`${address}%eth0`)).toBe(verdict);
    }),
  );
});

function halvesOf(address: string): [high: string, low: string] {
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(address).toByteArray();
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}
