import { z } from 'zod';
import { ComponentId } from './identifier.ts';

/** A repository role that may hold MANAGE_STATUS. */
const RepositoryRole = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 _-]*$/);

/** Additions to the redaction dictionary; the built-in patterns always apply. */
const RedactionFields = z.strictObject({
  names: z
    .array(z.string().trim().min(1))
    .default([])
    .describe('Employee names; better in CANDOR_REDACT_NAMES, which is not public'),
  hosts: z
    .array(z.string().trim().min(1))
    .default([])
    .describe('Host names, or suffixes that begin with a dot, that never leave'),
  patterns: z.array(z.string().min(1)).default([]).describe('Regular expressions (RE2 syntax) of further secrets'),
});

/** `demo:` small services on this machine that `candor start` runs, so that probes have something to ask. */
const DemoFields = z.strictObject({
  interval_seconds: z.int().min(1).max(300).default(5).describe('How often `candor start` asks while they run'),
  services: z.record(ComponentId, z.int().min(1024).max(65_535)).describe('Their names and ports on loopback'),
});

/** `google:` who publishes from a workflow, without a key; none of it is a secret. */
const GoogleFields = z.strictObject({
  provider: z
    .string()
    .regex(/^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/)
    .describe('projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER'),
  service_account: z.email().optional().describe('The account that jobs act as; by default they act as themselves'),
});

/** `status.config.yml` as a person writes it. Unknown keys are refused. */
export const StatusConfig = z.strictObject({
  name: z.string().trim().min(1).max(80).describe("The page's name"),
  url: z.url({ protocol: /^https?$/ }).describe('Where the public finds the page'),
  support_email: z.email().describe('The one address that is never redacted'),
  description: z.string().trim().max(200).optional().describe('One line under the name'),
  endpoint_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the subscription endpoint answers'),
  redact: RedactionFields.prefault({}),
  bucket: z
    .string()
    .regex(/^gs:\/\/[a-z0-9][a-z0-9._-]{1,220}(?:\/\S*)?$/)
    .optional()
    .describe('Where the page is published: gs://BUCKET/PREFIX'),
  google: GoogleFields.optional().describe('How a workflow signs in to Google Cloud, without a key'),
  allow_private_targets: z.boolean().default(false).describe('Whether probes may ask private and loopback addresses'),
  probe_interval_minutes: z
    .int()
    .min(1)
    .max(60)
    .default(5)
    .describe(
      'How often the schedule asks; after three of these without an answer the page says that it does not know',
    ),
  connectivity_check: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('An address elsewhere that always answers; where it does not, the fault is ours and nothing is measured'),
  demo: DemoFields.optional(),
  manage_status_roles: z
    .array(RepositoryRole)
    .min(1)
    .default(['admin'])
    .describe('Repository roles that hold MANAGE_STATUS'),
});
export type StatusConfig = z.infer<typeof StatusConfig>;
