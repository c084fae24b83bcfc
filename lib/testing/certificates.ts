import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate as a server presents it; every field is PEM. */
export interface TestCertificate {
  readonly key: string;
  /** The certificate, then those between it and the authority. */
  readonly cert: string;
  /** The authority that a client must trust to believe it. */
  readonly ca: string;
}

/** What differs from a good certificate, counted in days from the authority's `now`. */
export interface CertificateRequest {
  /** Default: `localhost`, `127.0.0.1` and `::1`. */
  readonly names?: readonly string[];
  /** Default: one day ago. */
  readonly validFromDays?: number;
  /** Default: 90. */
  readonly validForDays?: number;
  /** Where given, an authority that is valid for so many days stands between, and is part of `cert`. */
  readonly throughIntermediateForDays?: number;
}

/** An authority that no machine trusts unless it is told to, made in the test and gone with it. */
export interface TestAuthority {
  /** The authority's own certificate, PEM: what `trustedAuthorities` takes. */
  readonly ca: string;
  issue(request?: CertificateRequest): Promise<TestCertificate>;
}

const dayMs = 24 * 60 * 60 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const caUsages = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;

/** A fresh authority whose certificates are valid around `now`; TLS itself judges them by the machine's clock. */
export async function testAuthority(now: Date = new Date()): Promise<TestAuthority> {
  const root = await signed({ subject: 'CN=Test authority', now, days: [-30, 3650], authority: true });
  const ca = root.certificate.toString('pem');
  return {
    ca,
    async issue({ names = goodNames, validFromDays = -1, validForDays = 90, throughIntermediateForDays } = {}) {
      const between =
        throughIntermediateForDays === undefined
          ? undefined
          : await signed({
              subject: 'CN=Test intermediate',
              now,
              days: [-30, throughIntermediateForDays],
              authority: true,
              issuer: root,
            });
      const leaf = await signed({
        subject: `CN=${names[0]}`,
        names,
        now,
        days: [validFromDays, validForDays],
        issuer: between ?? root,
      });
      return { ...(await pemOf([leaf, ...(between === undefined ? [] : [between])])), ca };
    },
  };
}

/** Names that are good for a server on loopback. */
const goodNames = ['localhost', '127.0.0.1', '::1'];

/** A certificate that vouches for itself, good for loopback; nobody trusts it. */
export async function selfSignedCertificate(now: Date = new Date()): Promise<TestCertificate> {
  const leaf = await signed({ subject: 'CN=localhost', names: goodNames, now, days: [-1, 90] });
  const pem = await pemOf([leaf]);
  return { ...pem, ca: pem.cert };
}

interface Signed {
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
}

interface SigningRequest {
  readonly subject: string;
  readonly names?: readonly string[];
  readonly now: Date;
  /** From and until, in days from `now`. */
  readonly days: readonly [number, number];
  readonly authority?: boolean;
  /** Without one the certificate signs itself. */
  readonly issuer?: Signed;
}

async function signed({ subject, names, now, days, authority = false, issuer }: SigningRequest): Promise<Signed> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const signer = issuer?.keys ?? keys;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    notBefore: new Date(now.getTime() + days[0] * dayMs),
    notAfter: new Date(now.getTime() + days[1] * dayMs),
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(authority, undefined, true),
      new KeyUsagesExtension(authority ? caUsages : KeyUsageFlags.digitalSignature, true),
      ...(authority ? [] : [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth])]),
      ...(names === undefined ? [] : [new SubjectAlternativeNameExtension(names.map(generalName))]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  return { certificate, keys };
}

function generalName(name: string): { type: 'ip' | 'dns'; value: string } {
  return { type: /^[\d.]+$|:/.test(name) ? 'ip' : 'dns', value: name };
}

async function pemOf(chain: readonly [Signed, ...Signed[]]): Promise<{ key: string; cert: string }> {
  const key = await crypto.subtle.exportKey('pkcs8', chain[0].keys.privateKey);
  return {
    key: PemConverter.encode(key, PemConverter.PrivateKeyTag),
    cert: chain.map(({ certificate }) => certificate.toString('pem')).join('\n'),
  };
}
