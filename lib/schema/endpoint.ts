import { z } from 'zod';
import { AuditEntry } from './audit.ts';
import { ComponentId } from './identifier.ts';
import { ComponentChoice } from './subscription.ts';

/** A language as BCP 47 writes it. */
const LanguageTag = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/, 'a language such as en or es-GT');

/** What somebody sends to `POST /api/v1/status/subscribe` as JSON; a form has the same fields. */
export const SubscribeRequest = z.strictObject({
  email: z.string().describe('Where the mails go: name@domain, at most 254 bytes'),
  components: ComponentChoice.optional().describe(
    'What to hear of: ids of components, or "all" (the default), which includes those that come later',
  ),
  language: LanguageTag.optional().describe('The language of the mails; stored, and not used yet'),
  _hp: z
    .string()
    .nullable()
    .optional()
    .describe('Stays empty: who fills it is taken for a program, and not subscribed'),
});

/** What somebody sends to `POST /api/v1/status/manage/:token` as JSON. */
export const ManageRequest = z.strictObject({
  components: ComponentChoice.describe('What to hear of from now on: ids of components, or "all"'),
});

/** What is wrong with a request, as a word for programs. */
export const ErrorCode = z.enum([
  'malformed',
  'invalid',
  'unauthorized',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'too_large',
  'unsupported_media_type',
  'too_many_requests',
  'unavailable',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** A field of a request that is wrong, and what to write instead; it repeats nothing of what was sent. */
export const FieldFault = z.strictObject({ field: z.string(), message: z.string() });
export type FieldFault = z.infer<typeof FieldFault>;

/** Every answer of the endpoint that is not a success, as JSON. */
export const ErrorDocument = z.strictObject({
  error: z.strictObject({
    code: ErrorCode,
    message: z.string().describe('For people: what is wrong, and what to do'),
    fields: z.array(FieldFault).min(1).optional().describe('The fields that are wrong, where it is about fields'),
  }),
});
export type ErrorDocument = z.infer<typeof ErrorDocument>;

/** What came of a request, as a word for programs. */
const OutcomeStatus = z.enum(['accepted', 'unconfirmed', 'confirmed', 'subscribed', 'unsubscribed', 'saved']);

/** Every answer of the endpoint that is a success, as JSON. */
export const OutcomeDocument = z.strictObject({
  status: OutcomeStatus,
  message: z.string().describe('For people'),
  components: z
    .union([z.literal('all'), z.array(ComponentId)])
    .optional()
    .describe('What the subscriber hears of'),
});
export type OutcomeDocument = z.infer<typeof OutcomeDocument>;

/** `GET /api/v1/admin/status/audit`: a part of the audit log. */
export const AuditDocument = z.strictObject({
  version: z.literal(1),
  entries: z.array(AuditEntry).describe('Newest first'),
  next: z.string().optional().describe('The cursor of the next older part; absent where there is none'),
});
export type AuditDocument = z.infer<typeof AuditDocument>;
