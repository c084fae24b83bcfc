import { z } from 'zod';
import { commonProbeFields, Host, MaxLatencyMs, Port, TlsDaysLeft } from './common.ts';

/** `probes/<id>.yml` with `kind: tls`. */
export const TlsProbeFile = z.strictObject({
  ...commonProbeFields,
  kind: z.literal('tls'),
  host: Host.describe('A host name or an IP address, without a port'),
  port: Port.default(443),
  server_name: Host.optional().describe('The name that the certificate must be for, where it is not the host'),
  expect: z
    .strictObject({ tls_days_left: TlsDaysLeft.optional(), max_latency_ms: MaxLatencyMs.optional() })
    .prefault({}),
});
export type TlsProbeFile = z.infer<typeof TlsProbeFile>;
