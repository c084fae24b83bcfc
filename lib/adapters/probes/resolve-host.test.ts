import { Resolver } from 'node:dns/promises';
import { expect, test } from 'vitest';
import { type DnsReply, startDnsServer } from '../../testing/dns-server.ts';
import { askServers, resolveHost } from './resolve-host.ts';

const never = new AbortController().signal;

/** What one name server makes of a name, by the type of record that is asked for. */
async function addressesBy(reply: (type: string) => DnsReply, host = 'pay.example', signal = never) {
  await using server = await startDnsServer(({ type }) => reply(type));
  const resolver = new Resolver();
  resolver.setServers([`${server.host}:${server.port}`]);
  return { addresses: await askServers(host, signal, resolver), asked: server.asked.length };
}

const four: DnsReply = { answers: [{ type: 'A', name: 'pay.example', data: '192.0.2.7' }] };
const six: DnsReply = { answers: [{ type: 'AAAA', name: 'pay.example', data: '2001:db8::7' }] };

test('both families of addresses are asked for, and the slower one is waited for a moment', async () => {
  const types: string[] = [];
  const { addresses } = await addressesBy((type) => {
    types.push(type);
    return type === 'A' ? four : six;
  });
  expect(new Set(types)).toEqual(new Set(['A', 'AAAA']));
  // On a busy machine that moment may be over before the other answer is read.
  expect([['192.0.2.7', '2001:db8::7'], ['192.0.2.7'], ['2001:db8::7']]).toContainEqual(addresses?.toSorted());
});

test.each<[what: string, reply: DnsReply]>([
  ['no such record', { answers: [] }],
  ['a failure', { code: 'SERVFAIL' }],
  ['silence', 'silent'],
])('%s for one family does not keep the other from being used', async (_what, reply) => {
  const { addresses } = await addressesBy((type) => (type === 'A' ? four : reply));
  expect(addresses).toEqual(['192.0.2.7']);
});

test('what no server knows may be known to the system', async () => {
  expect(await addressesBy(() => ({ code: 'NXDOMAIN' }))).toMatchObject({ addresses: undefined });
});

test('servers that fail say nothing, and nobody else is asked', async () => {
  expect(await addressesBy(() => ({ code: 'SERVFAIL' }))).toMatchObject({ addresses: [] });
});

test.each(['localhost', 'till', 'till.local', 'a.localhost.', 'till.'])(
  'a name of this machine or its network is not asked of servers: %s',
  async (host) => {
    expect(await addressesBy(() => four, host)).toEqual({ addresses: undefined, asked: 0 });
  },
);

test('a server that does not answer is given up when the signal is aborted', async () => {
  const cut = new AbortController();
  const reply = (): DnsReply => {
    cut.abort();
    return 'silent';
  };
  expect(await addressesBy(reply, 'pay.example', cut.signal)).toMatchObject({ addresses: [] });
});

test.each([
  ['127.1', '127.0.0.1'],
  ['0x7f.0.0.1', '127.0.0.1'],
  ['2130706433', '127.0.0.1'],
  ['192.0.2.7', '192.0.2.7'],
  ['::1', '::1'],
  ['::ffff:7f00:1', '::ffff:7f00:1'],
])('an address is what it means, and nobody is asked: %s', async (host, address) => {
  const context = { signal: never, allowPrivate: true, monotonicMs: () => 0, now: new Date() };
  expect(await resolveHost(host, context)).toEqual([address]);
});
