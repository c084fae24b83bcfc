import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { TestAuthority } from '../../testing/certificates.ts';
import { selfSignedCertificate, testAuthority } from '../../testing/certificates.ts';
import { serveConnections, serveHttp } from '../../testing/hostile-servers.ts';
import { fails, httpSample, passes, unmeasured } from '../../testing/http-sample.ts';

const forbidden = unmeasured('forbidden_address');

test.each([
  'http://127.0.0.1:1/',
  'http://127.1:1/',
  'http://2130706433:1/',
  'http://0x7f.0.0.1:1/',
  'http://[::1]:1/',
  'http://[::ffff:7f00:1]:1/',
  'http://localhost:1/',
  'http://10.0.0.1/',
])('a private address is asked only where the page allows it: %s', async (url) => {
  expect(await httpSample(url, {}, { allowPrivate: false })).toEqual(forbidden);
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://100.100.100.200/',
  'http://0.0.0.0/',
])('what clouds tell machines about themselves is never asked: %s', async (url) => {
  expect(await httpSample(url, {}, { allowPrivate: true })).toEqual(forbidden);
});

test('of the addresses of a name only those are asked that may be', async () => {
  await using server = await serveHttp((_request, response) => response.end('ok'));
  const resolve = async () => ['169.254.169.254', 'fe80::1', '127.0.0.1', '::'];
  expect(await httpSample(`http://pay.example:${server.port}/`, {}, { resolve })).toEqual(passes);
  expect(server.seen()).toBe(1);
  const private_ = await httpSample(`http://pay.example:${server.port}/`, {}, { resolve, allowPrivate: false });
  expect(private_).toEqual(forbidden);
  expect(server.seen()).toBe(1);
});

test('a name that is somewhere else at the next look is judged by where it is then', async () => {
  await using server = await serveHttp((_request, response) => {
    response.writeHead(302, { Location: `http://pay.example:${server.port}/again` }).end();
  });
  const answers = [['127.0.0.1'], ['169.254.169.254']];
  const resolve = async () => answers.shift() ?? [];
  expect(await httpSample(`http://pay.example:${server.port}/`, {}, { resolve })).toEqual(forbidden);
});

test('a name with one address that does not answer is reached at the other', async () => {
  await using server = await serveHttp((_request, response) => response.end('ok'));
  const resolve = async () => ['127.0.0.2', '127.0.0.1'];
  expect(await httpSample(`http://pay.example:${server.port}/`, {}, { resolve })).toEqual(passes);
});

test('a name that nobody knows fails as such', async () => {
  expect(await httpSample('http://pay.example/', {}, { resolve: async () => [] })).toEqual(fails('dns_failed'));
});

test('names of this machine are known without asking a name server', async () => {
  await using server = await serveHttp((_request, response) => response.end('ok'));
  expect(await httpSample(`http://localhost:${server.port}/`)).toEqual(passes);
});

test('a proxy of the environment is not used', async () => {
  await using proxy = await serveConnections((socket) => socket.destroy());
  await using server = await serveHttp((_request, response) => response.end('ok'));
  const before = { ...process.env };
  const address = `http://127.0.0.1:${proxy.port}`;
  Object.assign(process.env, { http_proxy: address, HTTP_PROXY: address, ALL_PROXY: address, NODE_USE_ENV_PROXY: '1' });
  try {
    expect(await httpSample(server.origin)).toEqual(passes);
  } finally {
    process.env = before;
  }
  expect(proxy.seen()).toBe(0);
});

test.each([
  ['passes with a certificate that is trusted, for the name, and valid', {}, {}, passes],
  ['passes with enough days left', { validForDays: 30 }, { tls_days_left: 14 }, passes],
  ['fails with too few days left', { validForDays: 10 }, { tls_days_left: 14 }, fails('certificate_expiring')],
  [
    'fails where a certificate in between has too few days left',
    { throughIntermediateForDays: 10 },
    { tls_days_left: 14 },
    fails('certificate_expiring'),
  ],
  ['fails once it has expired', { validForDays: -0.5 }, {}, fails('certificate_expiring')],
  ['fails before it is valid', { validFromDays: 1 }, {}, fails('certificate_untrusted')],
  ['fails for another name', { names: ['other.example'] }, {}, fails('certificate_untrusted')],
])('https %s', async (_what, certificate, expectation, sample) => {
  const authority = await testAuthority();
  await using server = await serveHttp((_request, response) => response.end('ok'), await authority.issue(certificate));
  expect(await httpSample(server.origin, { expect: expectation }, trusting(authority))).toEqual(sample);
});

test('https fails with a certificate that nobody vouches for, or nobody that is known', async () => {
  const [authority, other] = await Promise.all([testAuthority(), testAuthority()]);
  for (const certificate of [await selfSignedCertificate(), await other.issue()]) {
    await using server = await serveHttp((_request, response) => response.end('ok'), certificate);
    expect(await httpSample(server.origin, {}, trusting(authority))).toEqual(fails('certificate_untrusted'));
    expect(await httpSample(server.origin)).toEqual(fails('certificate_untrusted'));
  }
});

test('https of a server that speaks no TLS fails, as does the other way round', async () => {
  const authority = await testAuthority();
  await using plain = await serveHttp((_request, response) => response.end('ok'));
  await using secure = await serveHttp((_request, response) => response.end('ok'), await authority.issue());
  expect(await httpSample(`https://127.0.0.1:${plain.port}/`)).toEqual(fails('tls_failed'));
  expect(await httpSample(`http://127.0.0.1:${secure.port}/`)).toEqual(fails('connection_lost'));
});

test('certificates are judged on every redirection, and the last answer has to have one', async () => {
  const authority = await testAuthority();
  const asks = { expect: { tls_days_left: 14 } };
  await using plain = await serveHttp((_request, response) => response.end('ok'));
  const to = (location: string) => (_request: IncomingMessage, response: ServerResponse) =>
    redirect(response, location);
  await using good = await serveHttp((_request, response) => response.end('ok'), await authority.issue());
  await using soon = await serveHttp(to(good.origin), await authority.issue({ validForDays: 3 }));
  await using down = await serveHttp(to(plain.origin), await authority.issue());
  await using up = await serveHttp(to(good.origin));
  expect(await httpSample(soon.origin, asks, trusting(authority))).toEqual(fails('certificate_expiring'));
  expect(await httpSample(down.origin, asks, trusting(authority))).toEqual(fails('tls_failed'));
  expect(await httpSample(up.origin, asks, trusting(authority))).toEqual(passes);
});

function trusting(authority: TestAuthority) {
  return { trustedAuthorities: [authority.ca] };
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location }).end();
}
