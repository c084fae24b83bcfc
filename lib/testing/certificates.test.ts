import { once } from 'node:events';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { selfSignedCertificate, type TestCertificate, testAuthority } from './certificates.ts';

test.each([
  ['a good certificate', {}, 'trusted'],
  ['a good certificate through an intermediate', { throughIntermediateForDays: 30 }, 'trusted'],
  ['an expired one', { validForDays: -0.5 }, 'CERT_HAS_EXPIRED'],
  ['one that is not valid yet', { validFromDays: 1 }, 'CERT_NOT_YET_VALID'],
  ['one through an expired intermediate', { throughIntermediateForDays: -1 }, 'CERT_HAS_EXPIRED'],
  ['one for another name', { names: ['other.example'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a client that trusts the authority finds %s to be %s', async (_what, request, verdict) => {
  const authority = await testAuthority();
  expect(await verdictOf(await authority.issue(request), authority.ca)).toBe(verdict);
});

test('a certificate that signs itself, or is of another authority, is not trusted', async () => {
  const [authority, other] = await Promise.all([testAuthority(), testAuthority()]);
  expect(await verdictOf(await selfSignedCertificate(), authority.ca)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await verdictOf(await other.issue(), authority.ca)).not.toBe('trusted');
});

/** What Node's own client says of a server with this certificate. */
async function verdictOf({ key, cert }: TestCertificate, ca: string): Promise<string> {
  await using server = createServer({ key, cert });
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const socket = connect({ port: address.port, host: '127.0.0.1', servername: 'localhost', ca });
  const verdict = await handshake(socket);
  socket.destroy();
  return verdict;
}

function handshake(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
