import { z } from 'zod';
import { IncidentId } from './identifier.ts';
import { Announcement, ComponentChoice } from './subscription.ts';

/** The newest format of stored subscriptions that this Candor reads and writes. */
export const subscriptionFormat = 1;

/** An instant at rest: milliseconds since 1970, UTC. */
const Milliseconds = z.int().min(0).max(8_640_000_000_000_000);

/** Hashes, ids and what is sealed: letters that need no escape anywhere. */
const Word = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[\w.-]+$/, 'letters, digits, hyphens, dots and low lines alone');

/** A mail that is owed: since when, when it may be tried next, and how often it was. */
const owing = { owed_at: Milliseconds, due_at: Milliseconds, attempts: z.int().min(0) };

/** A subscriber at rest. Nothing personal is in it but encrypted; what is absent is none or nothing. */
export const StoredSubscriber = z.strictObject({
  id: Word,
  /** Keyed hash of the folded address. */
  email_key: Word,
  /** The address as it was typed, encrypted. */
  email: Word,
  /** Hash of the token to unsubscribe, and the token, encrypted. */
  leave_key: Word,
  leave: Word,
  components: ComponentChoice,
  language: Word,
  created_at: Milliseconds,
  confirmed_at: Milliseconds.optional(),
  suspended_at: Milliseconds.optional(),
  refusals: z.int().min(1).optional(),
  /** Hashes of tokens that confirm, and until when. */
  tokens: z
    .array(z.tuple([Word, Milliseconds]))
    .min(1)
    .optional(),
  /** When a confirmation mail was owed, in the day before the newest wish. */
  asked: z.array(Milliseconds).min(1).optional(),
  /** The confirmation mail that is owed. */
  confirmation: z.strictObject(owing).optional(),
});
export type StoredSubscriber = z.infer<typeof StoredSubscriber>;

/** The mail that a subscriber is owed of an incident; its updates by their instants, oldest first. */
export const StoredMail = z.strictObject({
  subscriber: Word,
  incident: IncidentId,
  updates: z.array(z.iso.datetime()).min(1),
  ...owing,
});
export type StoredMail = z.infer<typeof StoredMail>;

/** The page that a store belongs to, and when the newest snapshot of it was made that was looked at. */
export const StoredPage = z.strictObject({ url: z.url(), generated_at: Milliseconds });
export type StoredPage = z.infer<typeof StoredPage>;

/** The newest update of an incident that was seen. */
export const StoredSeen = z.strictObject({ incident: IncidentId, at: Milliseconds });
export type StoredSeen = z.infer<typeof StoredSeen>;

/** All that a store of subscribers knows, as one document. `key` tells under which key it is encrypted. */
export const StoredSubscriptions = z.strictObject({
  format: z.literal(subscriptionFormat),
  key: Word,
  page: StoredPage.optional(),
  seen: z.array(StoredSeen),
  announcements: z.array(Announcement),
  subscribers: z.array(StoredSubscriber),
  mails: z.array(StoredMail),
});
export type StoredSubscriptions = z.infer<typeof StoredSubscriptions>;

/** A line of an export, which begins with its head. */
export const ExportedLine = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('head'),
    format: z.literal(subscriptionFormat),
    key: Word,
    page: StoredPage.optional(),
  }),
  z.strictObject({ kind: z.literal('seen'), ...StoredSeen.shape }),
  z.strictObject({ kind: z.literal('announcement'), ...Announcement.shape }),
  z.strictObject({ kind: z.literal('subscriber'), ...StoredSubscriber.shape }),
  z.strictObject({ kind: z.literal('mail'), ...StoredMail.shape }),
]);
export type ExportedLine = z.infer<typeof ExportedLine>;
