import { z } from 'zod';

/** What the audit log tells of. */
const AuditAction = z.enum([
  'incident.published',
  'update.published',
  'component.changed',
  'override.set',
  'override.changed',
  'override.cleared',
  'override.expired',
  'state.created',
  'state.discarded',
]);

/** A fact for the audit log. `id` is made of the fact itself, so that the same fact is told once whoever tells it again. */
export const AuditFact = z.strictObject({
  id: z.string().min(1).max(300),
  action: AuditAction,
  /** Who did it: `probes`, `expiry`, or a person as git or the machine names them. */
  who: z.string().min(1).max(200),
  /** What it was done to: `incidents/<id>`, `components/<id>`, `state/<name>`. */
  subject: z.string().min(1).max(200),
  before: z.record(z.string(), z.string()).nullable(),
  after: z.record(z.string(), z.string()).nullable(),
});
export type AuditFact = z.infer<typeof AuditFact>;

/** One line of the audit log: a fact, its place, when it was recorded, and the chain. */
export const AuditEntry = z.strictObject({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  ...AuditFact.shape,
  /** SHA-256 of the entry before, in hex; 64 zeros for the first. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 over all that stands before it in the line. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
