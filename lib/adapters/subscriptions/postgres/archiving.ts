import { z } from 'zod';
import { IncidentId } from '../../../schema/identifier.ts';
import { type StoredSubscriptions, subscriptionFormat } from '../../../schema/stored-subscription.ts';
import { Announcement } from '../../../schema/subscription.ts';
import type { SubscriberRecord } from '../../../subscriptions/store/store-state.ts';
import {
  mailRecord,
  storedMail,
  storedPage,
  storedSubscriber,
  subscriberRecord,
} from '../../../subscriptions/store/stored-records.ts';
import type { ManagedStore } from '../../../subscriptions/subscription-archive.ts';
import type { Database, Queries } from './database.ts';
import { SubscriberRow, subscriberOf } from './subscriber-row.ts';

/** So many rows go in one statement. */
const atOnce = 1000;

/** What those who run a store do with it. */
export function archivingIn(database: Database): Pick<ManagedStore, 'everything' | 'isEmpty' | 'fill' | 'rekey'> {
  return {
    everything: () => everything(database),
    isEmpty: () => isEmpty(database),
    fill: (content) =>
      database.transaction(
        async (queries) => {
          await queries.query('SELECT FROM candor_store FOR UPDATE');
          await queries.query('LOCK TABLE candor_subscribers IN EXCLUSIVE MODE');
          if (!(await isEmpty(queries))) return false;
          await fill(queries, content);
          return true;
        },
        { long: true },
      ),
    rekey: (key, reseal) =>
      database.transaction(
        async (queries) => {
          // Whoever subscribes meanwhile waits, and then sees the new key.
          await queries.query('LOCK TABLE candor_subscribers IN EXCLUSIVE MODE');
          await queries.query('UPDATE candor_store SET key = $1', [key]);
          const { rows } = await queries.query(
            'SELECT id, email_key, sealed_email, sealed_leave FROM candor_subscribers',
          );
          const resealed = z
            .array(SealedRow)
            .parse(rows)
            .map(({ id, email_key, sealed_email, sealed_leave }) => {
              return {
                id,
                ...reseal({ emailKey: email_key, sealedEmail: sealed_email, sealedUnsubscribe: sealed_leave }),
              };
            });
          await inChunks(queries, rekeySql, resealed);
          return resealed.length;
        },
        { long: true },
      ),
  };
}

async function isEmpty(queries: Queries): Promise<boolean> {
  const { rows } = await queries.query(
    'SELECT page_url IS NULL AND NOT EXISTS (SELECT FROM candor_subscribers) AS empty FROM candor_store',
  );
  return z.object({ empty: z.boolean() }).parse(rows[0]).empty;
}

/** Everything, as of one moment. */
export function everything(database: Database): Promise<StoredSubscriptions> {
  return database.transaction(readAll, { snapshot: true, long: true });
}

async function readAll(queries: Queries): Promise<StoredSubscriptions> {
  const all = async <T>(schema: z.ZodType<T>, sql: string) => z.array(schema).parse((await queries.query(sql)).rows);
  const [store] = await all(StoreRow, 'SELECT key, page_url, page_generated_at FROM candor_store');
  const { key, page_url: url, page_generated_at: generatedAt } = store ?? neverOpened;
  const tokens = await all(TokenRow, 'SELECT key, subscriber, expires_at FROM candor_tokens ORDER BY expires_at, key');
  const tokensOf = Map.groupBy(tokens, ({ subscriber }) => subscriber);
  const subscribers = await all(WholeRow, 'SELECT * FROM candor_subscribers ORDER BY created_at, id');
  const announcements = await all(WordsRow, 'SELECT body FROM candor_announcements ORDER BY incident, at');
  const seen = await all(SeenRow, 'SELECT incident, at FROM candor_seen ORDER BY incident');
  const mails = await all(MailRow, 'SELECT * FROM candor_mails ORDER BY owed_at, subscriber, incident');
  return {
    format: subscriptionFormat,
    key,
    ...(url === null || generatedAt === null ? {} : { page: storedPage({ url, generatedAt }) }),
    seen: seen.map(({ incident, at }) => ({ incident, at: at.getTime() })),
    announcements: announcements.map(({ body }) => Announcement.parse(JSON.parse(body))),
    subscribers: subscribers.map((row) => storedSubscriber(recordOf(row, tokensOf.get(row.id) ?? []))),
    mails: mails.map(({ owed_at, due_at, ...row }) => storedMail({ ...row, owedAt: owed_at, dueAt: due_at })),
  };
}

function recordOf(row: z.infer<typeof WholeRow>, tokens: readonly z.infer<typeof TokenRow>[]): SubscriberRecord {
  const { owed_at: owedAt, due_at: dueAt, attempts } = row;
  return {
    ...subscriberOf(row),
    asked: row.asked,
    tokens: tokens.map(({ key, expires_at }) => ({ key, expiresAt: expires_at })),
    confirmation: owedAt === null || dueAt === null ? undefined : { owedAt, dueAt, attempts },
  };
}

async function fill(queries: Queries, content: StoredSubscriptions): Promise<void> {
  const { page } = content;
  if (page !== undefined) {
    await queries.query('UPDATE candor_store SET page_url = $1, page_generated_at = $2', [
      page.url,
      new Date(page.generated_at),
    ]);
  }
  const subscribers = content.subscribers.map(subscriberRecord);
  await inChunks(queries, insertSubscribersSql, subscribers.map(rowOf));
  await inChunks(
    queries,
    insertTokensSql,
    subscribers.flatMap(({ id, tokens }) => tokens.map((token) => ({ id, ...token }))),
  );
  await inChunks(queries, insertMailsSql, content.mails.map(mailRecord));
  const words = content.announcements.map((one) => ({
    incident: one.incident.id,
    at: one.update.at,
    body: JSON.stringify(one),
  }));
  await inChunks(queries, insertWordsSql, words);
  await inChunks(
    queries,
    insertSeenSql,
    content.seen.map(({ incident, at }) => ({ incident, at: new Date(at) })),
  );
}

function rowOf({ components, confirmation, tokens: _tokens, ...record }: SubscriberRecord): object {
  return { ...record, components: components === 'all' ? null : components, attempts: 0, ...confirmation };
}

async function inChunks(queries: Queries, sql: string, rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += atOnce) {
    await queries.query(sql, [JSON.stringify(rows.slice(from, from + atOnce))]);
  }
}

/** Tables that were made and never used. */
const neverOpened = { key: '', page_url: null, page_generated_at: null };

const SealedRow = SubscriberRow.pick({ id: true, email_key: true, sealed_email: true, sealed_leave: true });
const StoreRow = z.object({ key: z.string(), page_url: z.string().nullable(), page_generated_at: z.date().nullable() });
const TokenRow = z.object({ key: z.string(), subscriber: z.string(), expires_at: z.date() });
const WordsRow = z.object({ body: z.string() });
const SeenRow = z.object({ incident: IncidentId, at: z.date() });
const WholeRow = SubscriberRow.extend({
  asked: z.array(z.date()),
  owed_at: z.date().nullable(),
  due_at: z.date().nullable(),
  attempts: z.int(),
});
const MailRow = z.object({
  subscriber: z.string(),
  incident: IncidentId,
  updates: z.array(z.string()),
  owed_at: z.date(),
  due_at: z.date(),
  attempts: z.int(),
});

const rekeySql = `
  UPDATE candor_subscribers s
  SET email_key = r."emailKey", sealed_email = r."sealedEmail", sealed_leave = r."sealedUnsubscribe"
  FROM jsonb_to_recordset($1::jsonb) AS r (id text, "emailKey" text, "sealedEmail" text, "sealedUnsubscribe" text)
  WHERE s.id = r.id`;

const insertSubscribersSql = `
  INSERT INTO candor_subscribers (id, email_key, sealed_email, leave_key, sealed_leave, components, language, created_at,
    confirmed_at, suspended_at, refusals, asked, owed_at, due_at, attempts)
  SELECT id, "emailKey", "sealedEmail", "unsubscribeKey", "sealedUnsubscribe", components, language, "createdAt",
    "confirmedAt", "suspendedAt", refusals, asked, "owedAt", "dueAt", attempts
  FROM jsonb_to_recordset($1::jsonb) AS r (id text, "emailKey" text, "sealedEmail" text, "unsubscribeKey" text,
    "sealedUnsubscribe" text, components text[], language text, "createdAt" timestamptz, "confirmedAt" timestamptz,
    "suspendedAt" timestamptz, refusals integer, asked timestamptz[], "owedAt" timestamptz, "dueAt" timestamptz,
    attempts integer)`;
const insertTokensSql = `
  INSERT INTO candor_tokens (key, subscriber, expires_at)
  SELECT key, id, "expiresAt" FROM jsonb_to_recordset($1::jsonb) AS r (id text, key text, "expiresAt" timestamptz)`;
const insertMailsSql = `
  INSERT INTO candor_mails (subscriber, incident, updates, owed_at, due_at, attempts)
  SELECT subscriber, incident, updates, "owedAt", "dueAt", attempts
  FROM jsonb_to_recordset($1::jsonb) AS r (subscriber text, incident text, updates text[], "owedAt" timestamptz,
    "dueAt" timestamptz, attempts integer)`;
const insertWordsSql = `
  INSERT INTO candor_announcements (incident, at, body)
  SELECT incident, at, body FROM jsonb_to_recordset($1::jsonb) AS r (incident text, at text, body text)`;
const insertSeenSql = `
  INSERT INTO candor_seen (incident, at)
  SELECT incident, at FROM jsonb_to_recordset($1::jsonb) AS r (incident text, at timestamptz)`;
