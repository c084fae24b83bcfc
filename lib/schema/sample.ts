import { z } from 'zod';

/** Why a probe failed: a code of this list and nothing else, so that no answer of a service is ever stored or shown. */
export const FailReason = z.enum([
  'dns_failed',
  'unreachable',
  'connect_refused',
  'connect_timeout',
  'connection_lost',
  'tls_failed',
  'certificate_untrusted',
  'certificate_expiring',
  'timeout',
  'protocol_error',
  'too_many_redirects',
  'unexpected_status',
  'unexpected_header',
  'unexpected_body',
  'unexpected_json',
  'unexpected_answer',
  'body_too_large',
  'too_slow',
]);
export type FailReason = z.infer<typeof FailReason>;

/** Why no sample could be taken: the fault is ours, and says nothing of the service. */
export const UnmeasuredReason = z.enum([
  'runner_offline',
  'cut_off',
  'missing_variable',
  'forbidden_address',
  'broken_file',
]);
export type UnmeasuredReason = z.infer<typeof UnmeasuredReason>;

/** One answer to a probe's question. `latencyMs` is from the first byte sent to the last one that was needed. */
export type Sample =
  | { readonly kind: 'pass'; readonly latencyMs: number }
  | { readonly kind: 'fail'; readonly reason: FailReason }
  | { readonly kind: 'unmeasured'; readonly reason: UnmeasuredReason };
