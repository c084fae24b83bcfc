import { z } from 'zod';
import {
  confirmationMailsPerDay,
  confirmationTokenHours,
  unconfirmedSubscriptionHours,
} from '../../../policy/constants.ts';
import type { SubscriptionStore, WishOutcome } from '../../../subscriptions/subscription-store.ts';
import { Failure } from '../../failure.ts';
import type { Database } from './database.ts';
import { firstSubscriber, subscriberColumns } from './subscriber-row.ts';

type Subscribing = Pick<
  SubscriptionStore,
  'subscribe' | 'addConfirmation' | 'findByConfirmation' | 'confirm' | 'findByUnsubscribe' | 'unsubscribe' | 'choose'
>;

/** Who subscribes, confirms and leaves, each in one statement; `key` is the data key in use. */
export function subscribingIn(database: Database, key: string): Subscribing {
  const query = database.query;
  return {
    subscribe: async (wish) => {
      const { id, emailKey, sealedEmail, unsubscribeKey, sealedUnsubscribe, components, language, at } = wish;
      const choice = components === 'all' ? null : components;
      const values = [id, emailKey, sealedEmail, unsubscribeKey, sealedUnsubscribe, choice, language, at, key];
      const { rows } = await query(subscribeSql, values, 'candor subscribe');
      if (rows.length === 0) throw otherKey(database.place);
      return Outcome.parse(rows[0]).outcome;
    },
    addConfirmation: async (subscriber, token) => {
      const madeAt = new Date(token.expiresAt.getTime() - confirmationTokenHours * 3_600_000);
      const added = await query(addConfirmationSql, [subscriber, token.key, token.expiresAt, madeAt]);
      return added.count > 0;
    },
    findByConfirmation: async (token, now) => firstSubscriber((await query(findByConfirmationSql, [token, now])).rows),
    confirm: async (token, now) => firstSubscriber((await query(confirmSql, [token, now])).rows),
    findByUnsubscribe: async (token) => {
      const found = await query(`SELECT ${subscriberColumns} FROM candor_subscribers s WHERE leave_key = $1`, [token]);
      return firstSubscriber(found.rows);
    },
    unsubscribe: async (token) =>
      (await query('DELETE FROM candor_subscribers WHERE leave_key = $1', [token])).count > 0,
    choose: async (token, choice) => {
      const components = choice === 'all' ? null : choice;
      const sql = 'UPDATE candor_subscribers SET components = $2 WHERE leave_key = $1';
      return (await query(sql, [token, components])).count > 0;
    },
  };
}

/** Forget who did not confirm: see `SubscriptionStore.prune`. */
export function prune(database: Database, now: Date): Promise<number> {
  return database.transaction(
    async (queries) => {
      await queries.query(leftMailsSql);
      return (await queries.query(pruneSql, [now])).count;
    },
    { long: true },
  );
}

const Outcome: z.ZodType<{ outcome: WishOutcome }> = z.object({ outcome: z.enum(['owed', 'confirmed', 'enough']) });

/** A subscriber that gets mail: what a wish leaves as it is. */
const isActive = 'candor_is_active(s.confirmed_at, s.suspended_at)';
const ofADay = 'candor_of_a_day(s.asked, excluded.created_at)';
const mayAsk = `(s.owed_at IS NULL AND cardinality(${ofADay}) < ${confirmationMailsPerDay})`;

/** A column that takes over what the newest wish says, where there is still somebody to be confirmed. */
function taken(column: string): string {
  return `${column} = CASE WHEN ${isActive} THEN s.${column} ELSE excluded.${column} END`;
}

/** Whatever the case, one row is written and the same indexes are read. */
const subscribeSql = `
  INSERT INTO candor_subscribers AS s
    (id, email_key, sealed_email, leave_key, sealed_leave, components, language, created_at, asked, owed_at, due_at)
  SELECT $1, $2, $3, $4, $5, $6::text[], $7, $8::timestamptz, ARRAY[$8::timestamptz], $8::timestamptz, $8::timestamptz
    FROM candor_store WHERE key = $9
  ON CONFLICT (email_key) DO UPDATE SET
    ${['sealed_email', 'leave_key', 'sealed_leave', 'components', 'language'].map(taken).join(', ')},
    asked = CASE WHEN ${isActive} THEN s.asked WHEN ${mayAsk} THEN ${ofADay} || excluded.created_at ELSE ${ofADay} END,
    owed_at = CASE WHEN ${isActive} OR NOT ${mayAsk} THEN s.owed_at ELSE excluded.created_at END,
    due_at = CASE WHEN ${isActive} OR NOT ${mayAsk} THEN s.due_at ELSE excluded.created_at END,
    attempts = CASE WHEN ${isActive} OR NOT ${mayAsk} THEN s.attempts ELSE 0 END
  RETURNING CASE WHEN ${isActive} THEN 'confirmed' WHEN s.owed_at IS NOT NULL THEN 'owed' ELSE 'enough' END AS outcome`;

const addConfirmationSql = `
  WITH waiting AS (
    SELECT s.id FROM candor_subscribers s WHERE s.id = $1 AND NOT ${isActive} FOR NO KEY UPDATE
  ), expired AS (
    DELETE FROM candor_tokens WHERE subscriber IN (SELECT id FROM waiting) AND expires_at <= $4
  )
  INSERT INTO candor_tokens (key, subscriber, expires_at) SELECT $2, id, $3 FROM waiting`;

const findByConfirmationSql = `
  SELECT ${subscriberColumns} FROM candor_tokens t JOIN candor_subscribers s ON s.id = t.subscriber
  WHERE t.key = $1 AND t.expires_at > $2 AND NOT ${isActive}`;

const confirmSql = `
  WITH s AS (
    UPDATE candor_subscribers s
    SET confirmed_at = $2, suspended_at = NULL, refusals = 0, owed_at = NULL, due_at = NULL, attempts = 0, claim = NULL
    FROM candor_tokens t
    WHERE t.key = $1 AND t.expires_at > $2 AND s.id = t.subscriber AND NOT ${isActive}
    RETURNING ${subscriberColumns}
  ), tokens AS (
    DELETE FROM candor_tokens WHERE subscriber IN (SELECT id FROM s)
  ), mails AS (
    DELETE FROM candor_mails WHERE subscriber IN (SELECT id FROM s)
  )
  SELECT * FROM s`;

/** Mails that came to be owed in the moment in which their subscriber was suspended. */
const leftMailsSql = `
  DELETE FROM candor_mails m USING candor_subscribers s WHERE s.id = m.subscriber AND NOT ${isActive}`;

const pruneSql = `
  DELETE FROM candor_subscribers s WHERE s.confirmed_at IS NULL AND
    GREATEST(
      s.created_at + interval '${confirmationTokenHours} hours',
      (SELECT max(a) + interval '${confirmationTokenHours} hours' FROM unnest(s.asked) a),
      (SELECT max(t.expires_at) FROM candor_tokens t WHERE t.subscriber = s.id)
    ) + interval '${unconfirmedSubscriptionHours} hours' <= $1`;

function otherKey(place: string): Failure {
  return new Failure(`The subscribers in ${place} are encrypted under another data key than the one in use.`, {
    fix: 'If the key was changed by `candor subscribers rotate`, give this process the new CANDOR_DATA_KEY and start it again.',
  });
}
