import { z } from 'zod';
import { commonProbeFields, MaxLatencyMs, TlsDaysLeft } from './common.ts';

/** A plain value that JSON can hold at the end of a path. */
const JsonScalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What an answer must be like. Without a status list any 2xx will do. */
export const HttpExpectation = z.strictObject({
  status: z.array(z.int().min(100).max(599)).min(1).optional().describe('One of these; any 2xx without it'),
  headers: z.record(z.string(), z.string()).optional().describe('Each header holds this text, in any case'),
  body_contains: z.string().min(1).optional().describe('The body holds this text'),
  body_matches: z.string().min(1).optional().describe('A regular expression (RE2 syntax) that the body matches'),
  json: z.record(z.string(), JsonScalar).optional().describe('Paths such as `$.checks[0].status`, and their values'),
  max_latency_ms: MaxLatencyMs.optional(),
  tls_days_left: TlsDaysLeft.optional(),
});
export type HttpExpectation = z.infer<typeof HttpExpectation>;

/** `probes/<id>.yml` with `kind: http`. */
export const HttpProbeFile = z.strictObject({
  ...commonProbeFields,
  kind: z.literal('http'),
  url: z.url({ protocol: /^https?$/ }).describe('Asked for as it stands; no secrets in it'),
  method: z.enum(['GET', 'HEAD', 'POST']).default('GET').describe('How it is asked for'),
  headers: z.record(z.string(), z.string()).default({}).describe('Secrets come from the environment, by their names'),
  body: z
    .string()
    .max(64 * 1024)
    .optional()
    .describe('Sent with POST; secrets as in headers'),
  max_redirects: z
    .int()
    .min(0)
    .max(10)
    .default(5)
    .describe('How many redirections are followed; 0: a redirection is an answer like any other'),
  expect: HttpExpectation.prefault({}),
});
export type HttpProbeFile = z.infer<typeof HttpProbeFile>;
