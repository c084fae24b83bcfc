import { createServer, type TlsOptions } from 'node:tls';
import { expect, test } from 'vitest';
import { type CertificateRequest, selfSignedCertificate, testAuthority } from '../../testing/certificates.ts';
import { countConnections } from '../../testing/counting-server.ts';
import { outcomeOf, sampleOf } from '../../testing/probe-sample.ts';

const authority = await testAuthority();
const trustedAuthorities = [authority.ca];

/** What comes of a tls probe of a server with these settings. */
async function outcome(options: TlsOptions, more: object = {}, trusted = trustedAuthorities): Promise<string> {
  await using server = await countConnections(createServer(options));
  const { host, port } = server;
  return outcomeOf(await sampleOf({ kind: 'tls', host, port, ...more }, { trustedAuthorities: trusted }));
}

const withCertificate = async (request: CertificateRequest, more: object = {}): Promise<string> => {
  const { key, cert } = await authority.issue(request);
  return outcome({ key, cert }, more);
};

test.each<[string, CertificateRequest, string]>([
  ['for the address that is asked', {}, 'pass'],
  ['through an intermediate that is presented with it', { throughIntermediateForDays: 30 }, 'pass'],
  ['that has expired', { validForDays: -0.5 }, 'certificate_expiring'],
  ['that is not valid yet', { validFromDays: 1 }, 'certificate_untrusted'],
  ['through an intermediate that has expired', { throughIntermediateForDays: -1 }, 'certificate_expiring'],
  ['for another name', { names: ['shop.example.com'] }, 'certificate_untrusted'],
  ['for a name, where an address is asked', { names: ['localhost'] }, 'certificate_untrusted'],
])('a certificate %s', async (_what, request, expected) => {
  expect(await withCertificate(request)).toBe(expected);
});

test('a certificate that vouches for itself, or whose authority is not trusted, is untrusted', async () => {
  expect(await outcome(await selfSignedCertificate())).toBe('certificate_untrusted');
  expect(await outcome(await authority.issue(), {}, [])).toBe('certificate_untrusted');
});

test.each<[string, object, string]>([
  ['the host', { host: 'localhost' }, 'certificate_untrusted'],
  ['the server name', { server_name: 'shop.example.com' }, 'pass'],
  ['the server name in capitals with its last dot', { server_name: 'SHOP.example.com.' }, 'pass'],
  ['another server name', { server_name: 'www.example.com' }, 'certificate_untrusted'],
])('the certificate must be for %s', async (_what, more, expected) => {
  expect(await withCertificate({ names: ['shop.example.com'] }, more)).toBe(expected);
});

test('the server is told which name is asked for, and no address', async () => {
  const names: string[] = [];
  const { key, cert } = await authority.issue({ names: ['shop.example.com', '127.0.0.1'] });
  const SNICallback: TlsOptions['SNICallback'] = (name, answer) => {
    names.push(name);
    answer(null);
  };
  expect(await outcome({ key, cert, SNICallback }, { server_name: 'shop.example.com' })).toBe('pass');
  expect(await outcome({ key, cert, SNICallback })).toBe('pass');
  expect(names).toEqual(['shop.example.com']);
});

test.each<[string, number, string, CertificateRequest]>([
  ['a certificate of ten days', 5, 'pass', { validForDays: 10 }],
  ['a certificate of ten days', 14, 'certificate_expiring', { validForDays: 10 }],
  [
    'a certificate of a year through an intermediate of ten days',
    5,
    'pass',
    { validForDays: 365, throughIntermediateForDays: 10 },
  ],
  [
    'a certificate of a year through an intermediate of ten days',
    14,
    'certificate_expiring',
    { validForDays: 365, throughIntermediateForDays: 10 },
  ],
])('%s and %i wanted days: %s', async (_what, days, expected, request) => {
  expect(await withCertificate(request, { expect: { tls_days_left: days } })).toBe(expected);
});

test('an authority that the server presents needlessly is not counted', async () => {
  const old = await testAuthority(new Date(Date.now() - 3640 * 24 * 60 * 60 * 1000));
  const { key, cert, ca } = await old.issue({ validFromDays: 3600, validForDays: 4000 });
  expect(await outcome({ key, cert: `${cert}\n${ca}` }, { expect: { tls_days_left: 60 } }, [ca])).toBe('pass');
});

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is too old', async (version) => {
  const { key, cert } = await authority.issue();
  const old: TlsOptions = { key, cert, minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
  expect(await outcome(old)).toBe('tls_failed');
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is good', async (version) => {
  const { key, cert } = await authority.issue();
  expect(await outcome({ key, cert, minVersion: version, maxVersion: version })).toBe('pass');
});
