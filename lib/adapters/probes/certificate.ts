import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * How many days the certificates of a connection are valid from `now` on, by the one that ends first: the server's own
 * and those between it and an authority that is trusted for itself. Negative where one has ended; 0 where there is none.
 */
export function certificateDaysLeft(socket: TLSSocket, now: Date): number {
  const ends = chainOf(socket.getPeerX509Certificate()).map((certificate) => certificate.validToDate.getTime());
  return ends.length === 0 ? 0 : (Math.min(...ends) - now.getTime()) / dayMs;
}

/** The certificate and those that vouch for it, without the authority that vouches for itself. */
function chainOf(own: X509Certificate | undefined): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next = own; next !== undefined && chain.length < longestChain; next = next.issuerCertificate) {
    if (chain.length > 0 && next.subject === next.issuer) break;
    chain.push(next);
  }
  return chain;
}

const longestChain = 10;
