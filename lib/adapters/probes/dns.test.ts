import dns from 'node:dns/promises';
import { expect, test } from 'vitest';
import { type DnsReply, type DnsTransport, startDnsServer } from '../../testing/dns-server.ts';
import { freePort } from '../../testing/free-port.ts';
import { outcomeOf, sampleOf } from '../../testing/probe-sample.ts';

const name = 'www.example.com';
const good: DnsReply = { answers: [{ type: 'A', name, data: '192.0.2.1' }] };

/** What comes of a dns probe of a server that answers so. */
async function outcome(reply: (transport: DnsTransport) => DnsReply, more: object = {}): Promise<string> {
  await using server = await startDnsServer((_question, transport) => reply(transport));
  return outcomeOf(await sampleOf({ kind: 'dns', name, server: server.host, port: server.port, ...more }));
}

test.each<[string, DnsReply, string]>([
  ['an answer', good, 'pass'],
  ['that there is no such name', { code: 'NXDOMAIN' }, 'unexpected_answer'],
  ['no records', { answers: [] }, 'unexpected_answer'],
  ['records of another kind', { answers: [{ type: 'AAAA', name, data: '2001:db8::1' }] }, 'unexpected_answer'],
  ['that it failed', { code: 'SERVFAIL' }, 'unexpected_answer'],
  ['that it refuses', { code: 'REFUSED' }, 'unexpected_answer'],
  ['that it does not know how', { code: 'NOTIMP' }, 'unexpected_answer'],
  ['that it did not understand', { code: 'FORMERR' }, 'protocol_error'],
  ['garbage', 'garbage', 'protocol_error'],
])('a server that says %s', async (_what, reply, expected) => {
  expect(await outcome(() => reply)).toBe(expected);
});

test('an answer that is too long for a datagram is asked for over TCP', async () => {
  expect(await outcome((transport) => (transport === 'udp' ? 'truncated' : good))).toBe('pass');
});

test('a question that was lost is put again', async () => {
  let asked = 0;
  const losing = (): DnsReply => {
    asked += 1;
    return asked === 1 ? 'silent' : good;
  };
  expect(await outcome(losing, { timeout_ms: 3000 })).toBe('pass');
  expect(asked).toBeGreaterThan(1);
});

test.each<[string, string, DnsReply, readonly string[]]>([
  [
    'addresses',
    'A',
    {
      answers: [
        { type: 'A', name, data: '192.0.2.1' },
        { type: 'A', name, data: '192.0.2.2' },
      ],
    },
    ['192.0.2.2'],
  ],
  [
    'the addresses of an alias',
    'A',
    {
      answers: [
        { type: 'CNAME', name, data: 'web.example.com' },
        { type: 'A', name: 'web.example.com', data: '192.0.2.1' },
      ],
    },
    ['192.0.2.1'],
  ],
  [
    'IPv6 addresses in any spelling',
    'AAAA',
    { answers: [{ type: 'AAAA', name, data: '2001:db8::1' }] },
    ['2001:0DB8:0:0::0001'],
  ],
  [
    'names in any case, with or without the last dot',
    'CNAME',
    { answers: [{ type: 'CNAME', name, data: 'Web.Example.com' }] },
    ['web.example.COM.'],
  ],
  ['name servers', 'NS', { answers: [{ type: 'NS', name, data: 'ns1.example.com' }] }, ['ns1.example.com']],
  [
    'mail exchangers with their preference',
    'MX',
    { answers: [{ type: 'MX', name, data: { preference: 10, exchange: 'mail.example.com' } }] },
    ['10 Mail.example.com.'],
  ],
  ['text, its parts joined', 'TXT', { answers: [{ type: 'TXT', name, data: ['v=spf1 ', '-all'] }] }, ['v=spf1 -all']],
])('%s are compared', async (_what, record, reply, answers) => {
  expect(await outcome(() => reply, { record, expect: { answers } })).toBe('pass');
  expect(await outcome(() => reply, { record, expect: { answers: [...answers, '192.0.2.99'] } })).toBe(
    'unexpected_answer',
  );
});

test('text is compared to the letter', async () => {
  const reply: DnsReply = { answers: [{ type: 'TXT', name, data: ['Token=Abc.'] }] };
  expect(await outcome(() => reply, { record: 'TXT', expect: { answers: ['Token=Abc.'] } })).toBe('pass');
  expect(await outcome(() => reply, { record: 'TXT', expect: { answers: ['token=abc'] } })).toBe('unexpected_answer');
});

test('the server may be given by a name', async () => {
  await using server = await startDnsServer(() => good);
  expect(outcomeOf(await sampleOf({ kind: 'dns', name, server: 'localhost', port: server.port }))).toBe('pass');
});

test('the next address of a server is asked where the first cannot be reached', async () => {
  await using server = await startDnsServer(() => good);
  const probe = { kind: 'dns', name, server: 'ns1.example.com', port: server.port };
  expect(outcomeOf(await sampleOf(probe, { resolve: async () => ['::1', '127.0.0.1'] }))).toBe('pass');
});

/** What comes of a dns probe without a server, on a machine whose own server answers so. */
async function ownOutcome(reply: DnsReply, more: object = {}): Promise<string> {
  await using server = await startDnsServer(() => reply);
  const before = dns.getServers();
  try {
    dns.setServers([`${server.host}:${server.port}`]);
    return outcomeOf(await sampleOf({ kind: 'dns', name, ...more }, { allowPrivate: false }));
  } finally {
    dns.setServers(before);
  }
}

test.each<[string, DnsReply, string]>([
  ['an answer', good, 'pass'],
  ['that there is no such name', { code: 'NXDOMAIN' }, 'unexpected_answer'],
  ['no records', { answers: [] }, 'unexpected_answer'],
  ['that it failed', { code: 'SERVFAIL' }, 'dns_failed'],
  ['that it refuses', { code: 'REFUSED' }, 'dns_failed'],
  ['garbage', 'garbage', 'dns_failed'],
])("the machine's own server, which may be private, says %s", async (_what, reply, expected) => {
  expect(await ownOutcome(reply)).toBe(expected);
});

test("the machine's own server says nothing", async () => {
  expect(await ownOutcome('silent', { timeout_ms: 500 })).toBe('dns_failed');
});

test("the machine's own server cannot be reached at all", async () => {
  const before = dns.getServers();
  try {
    dns.setServers([`127.0.0.1:${await freePort()}`]);
    expect(outcomeOf(await sampleOf({ kind: 'dns', name }))).toBe('dns_failed');
  } finally {
    dns.setServers(before);
  }
});
