import { FailReason, type Sample } from '../../schema/sample.ts';

/**
 * What an error of a socket, of TLS, of HTTP or of a decoder says of the service: one table by its code. `otherwise` is for
 * codes that are not in it. An error without a code is a bug and is thrown on.
 */
export function sampleOfError(error: unknown, otherwise: FailReason): Sample {
  const code = codeOf(error);
  if (code === undefined) throw error;
  if (ourFault.has(code)) return { kind: 'unmeasured', reason: 'runner_offline' };
  const found = reasonByCode.get(code) ?? reasonByPrefix.find(([prefix]) => code.startsWith(prefix))?.[1];
  return failed(found ?? otherwise);
}

/** A failed sample. */
export function failed(reason: FailReason): Sample {
  return { kind: 'fail', reason };
}

/** Where several addresses were tried, the one that answered says most, and what never left this machine least. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf).filter((code) => code !== undefined);
    const sent = codes.filter((code) => !ourFault.has(code));
    return sent.find((code) => reasonByCode.get(code) !== 'unreachable') ?? sent[0] ?? codes[0];
  }
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : codeByName.get(error.name);
}

/** undici's parser leaves the code away for some of its errors. */
const codeByName: ReadonlyMap<string, string> = new Map([['HTTPParserError', 'HPE_UNKNOWN']]);

/** This machine ran out of something, or let nothing out: no router says so, and it says nothing of the service. */
const ourFault: ReadonlySet<string> = new Set([
  ...['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'],
  ...['ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'],
]);

const codesByReason: Partial<Record<FailReason, readonly string[]>> = {
  connect_refused: ['ECONNREFUSED'],
  connect_timeout: ['ETIMEDOUT'],
  // A router on the way says so too, so it may be the service's network as well as ours.
  unreachable: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENONET', 'EINVAL'],
  connection_lost: [
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'ERR_STREAM_PREMATURE_CLOSE',
    'HPE_INVALID_EOF_STATE',
  ],
  certificate_expiring: ['CERT_HAS_EXPIRED'],
  certificate_untrusted: [
    'CERT_CHAIN_TOO_LONG',
    'CERT_NOT_YET_VALID',
    'CERT_REJECTED',
    'CERT_REVOKED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_FORMAT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HOSTNAME_MISMATCH',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  tls_failed: ['EPROTO'],
};

const reasonByCode: ReadonlyMap<string, FailReason> = new Map(
  FailReason.options.flatMap((reason) => (codesByReason[reason] ?? []).map((code) => [code, reason] as const)),
);

const reasonByPrefix: readonly (readonly [prefix: string, reason: FailReason])[] = [
  ['ERR_SSL_', 'tls_failed'],
  ['ERR_TLS_', 'tls_failed'],
  ['HPE_', 'protocol_error'],
  ['UND_ERR_', 'protocol_error'],
];
