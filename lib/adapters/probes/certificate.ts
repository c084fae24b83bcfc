import type { X509Certificate } from 'node:crypto';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * How many days a server's certificate and those that it presented with it are valid from `now` on, by the one that ends
 * first; an authority that vouches for itself does not count. Negative where one has ended; 0 where there is none. A socket
 * forgets its certificate when it closes, so take it right after the handshake.
 */
export function certificateDaysLeft(own: X509Certificate | undefined, now: Date): number {
  const ends = chainOf(own).map((certificate) => certificate.validToDate.getTime());
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
