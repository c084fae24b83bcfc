import { z } from 'zod';
import { commonProbeFields, Host, MaxLatencyMs, Port } from './common.ts';

/** `probes/<id>.yml` with `kind: tcp`. */
export const TcpProbeFile = z.strictObject({
  ...commonProbeFields,
  kind: z.literal('tcp'),
  host: Host.describe('A host name or an IP address, without a port'),
  port: Port,
  expect: z
    .strictObject({
      banner_contains: z.string().min(1).max(512).optional().describe('What the server says first holds this text'),
      max_latency_ms: MaxLatencyMs.optional(),
    })
    .prefault({}),
});
export type TcpProbeFile = z.infer<typeof TcpProbeFile>;
