import { z } from 'zod';
import { commonProbeFields, Host, MaxLatencyMs, Port } from './common.ts';

/** The kinds of record that a dns probe may ask for. */
const DnsRecordType = z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT']);
export type DnsRecordType = z.infer<typeof DnsRecordType>;

/** `probes/<id>.yml` with `kind: dns`. */
export const DnsProbeFile = z.strictObject({
  ...commonProbeFields,
  kind: z.literal('dns'),
  name: Host.describe('The name that is asked for'),
  record: DnsRecordType.default('A').describe('The kind of record that is asked for'),
  server: Host.optional().describe("The name server that is asked; without it, the machine's own"),
  port: Port.default(53).describe('The port of `server`'),
  expect: z
    .strictObject({
      answers: z.array(z.string().min(1)).min(1).optional().describe('Each of these is among the answers'),
      max_latency_ms: MaxLatencyMs.optional(),
    })
    .prefault({}),
});
export type DnsProbeFile = z.infer<typeof DnsProbeFile>;
