import { z } from 'zod';
import { ComponentId } from '../../../schema/identifier.ts';
import type { Subscriber } from '../../../subscriptions/subscription-store.ts';

/** What a query names to make a `Subscriber` of; `s` is the table. */
export const subscriberColumns =
  's.id, s.email_key, s.sealed_email, s.leave_key, s.sealed_leave, s.components, s.language, s.created_at, s.confirmed_at, s.suspended_at, s.refusals';

/** Those columns as they arrive. */
export const SubscriberRow = z.object({
  id: z.string(),
  email_key: z.string(),
  sealed_email: z.string(),
  leave_key: z.string(),
  sealed_leave: z.string(),
  components: z.array(ComponentId).nullable(),
  language: z.string(),
  created_at: z.date(),
  confirmed_at: z.date().nullable(),
  suspended_at: z.date().nullable(),
  refusals: z.int(),
});

/** The subscriber of a row. */
export function subscriberOf(row: z.infer<typeof SubscriberRow>): Subscriber {
  return {
    id: row.id,
    emailKey: row.email_key,
    sealedEmail: row.sealed_email,
    unsubscribeKey: row.leave_key,
    sealedUnsubscribe: row.sealed_leave,
    components: row.components ?? 'all',
    language: row.language,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at ?? undefined,
    suspendedAt: row.suspended_at ?? undefined,
    refusals: row.refusals,
  };
}

/** The subscriber of the first row, if there is one. */
export function firstSubscriber(rows: readonly unknown[]): Subscriber | undefined {
  const [row] = rows;
  return row === undefined ? undefined : subscriberOf(SubscriberRow.parse(row));
}
