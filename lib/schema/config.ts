import { z } from 'zod';

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
  manage_status_roles: z
    .array(RepositoryRole)
    .min(1)
    .default(['admin'])
    .describe('Repository roles that hold MANAGE_STATUS'),
});
export type StatusConfig = z.infer<typeof StatusConfig>;
