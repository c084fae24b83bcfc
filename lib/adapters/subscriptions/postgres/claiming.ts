import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { IncidentId } from '../../../schema/identifier.ts';
import { Announcement } from '../../../schema/subscription.ts';
import type { ClaimedMail, SubscriptionStore } from '../../../subscriptions/subscription-store.ts';
import type { Database, Queries } from './database.ts';
import { SubscriberRow, subscriberColumns, subscriberOf } from './subscriber-row.ts';
import { livingWorkers, type WorkerSession } from './worker-session.ts';

/** A mail that this process is sending. */
export interface Claimed {
  readonly subscriber: string;
  /** Absent: the confirmation. */
  readonly incident?: IncidentId | undefined;
  readonly updates: readonly string[];
  /** The number of the worker as which it was claimed. */
  readonly worker: number;
}

/** What this process is sending, by claim. */
export type Claims = Map<string, Claimed>;

/** Mails are marked with the number of who sends them; a mark of somebody who died counts as none. */
export function claimingIn(
  database: Database,
  session: WorkerSession,
  claims: Claims,
): Pick<SubscriptionStore, 'claim' | 'stillOwed' | 'release' | 'owed'> {
  const take = async (limit: number, now: Date): Promise<ClaimedMail[]> => {
    const taken = await takeDue(database, { limit, now, worker: await session.number() });
    return taken.map(({ claimed, mail }) => {
      const claim = randomUUID();
      claims.set(claim, claimed);
      return { ...mail, claim };
    });
  };
  return {
    claim: async ({ limit, now }) => {
      const taken = await take(limit, now);
      if (taken.length >= limit || !(await freeOfTheDead(database))) return taken;
      return [...taken, ...(await take(limit - taken.length, now))];
    },
    stillOwed: async (given) => {
      const mine = given.flatMap((claim) => {
        const claimed = claims.get(claim);
        return claimed === undefined ? [] : [{ claim, ...claimed }];
      });
      if (mine.length === 0) return new Set();
      const { rows } = await database.query(stillOwedSql, [JSON.stringify(mine)], 'still-owed');
      return new Set(
        z
          .array(z.object({ claim: z.string() }))
          .parse(rows)
          .map(({ claim }) => claim),
      );
    },
    release: async (given) => {
      const mine = given.flatMap((claim) => claims.get(claim) ?? []);
      if (mine.length > 0) await releaseMails(database, mine);
      for (const claim of given) claims.delete(claim);
    },
    owed: async () => {
      const { mails, next_at } = OwedRow.parse((await database.query(owedSql)).rows[0]);
      return { mails, nextAt: next_at ?? undefined };
    },
  };
}

interface Take {
  readonly limit: number;
  readonly now: Date;
  readonly worker: number;
}

/** A mail that is marked in the database, once the transaction ends well. */
interface Taken {
  readonly claimed: Claimed;
  readonly mail: Omit<ClaimedMail, 'claim'>;
}

/**
 * What is due is read along its index, however few rows the planner believes to be due: an update that is owed to everybody
 * makes many of none, and to sort them for each claim would take longer than to send them. A mark that is lost in a crash
 * of the database is missed by nobody, so its disk is not waited for.
 */
const alongTheIndexSql = `SELECT ${[
  ...['enable_sort', 'enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin', 'jit'],
  'synchronous_commit',
]
  .map((setting) => `set_config('${setting}', 'off', true)`)
  .join(', ')}`;

/** Mark what is due, confirmations first. */
function takeDue(database: Database, { limit, ...how }: Take): Promise<Taken[]> {
  return database.transaction(async (queries) => {
    await queries.query(alongTheIndexSql);
    const confirmations = await takeConfirmations(queries, { limit, ...how });
    const left = limit - confirmations.length;
    return left === 0 ? confirmations : [...confirmations, ...(await takeUpdates(queries, { limit: left, ...how }))];
  });
}

async function takeConfirmations(queries: Queries, { limit, now, worker }: Take): Promise<Taken[]> {
  const { rows } = await queries.query(takeConfirmationsSql, [now, limit, worker]);
  return z
    .array(ConfirmationRow)
    .parse(rows)
    .map((row) => ({
      claimed: { subscriber: row.id, updates: [], worker },
      mail: { ...mailOf(row), content: { kind: 'confirmation' } },
    }));
}

async function takeUpdates(queries: Queries, { limit, now, worker }: Take): Promise<Taken[]> {
  const { rows } = await queries.query(takeUpdatesSql, [now, limit, worker]);
  const taken = z.array(MailRow).parse(rows);
  const words = await wordsOf(queries, Array.from(new Set(taken.map(({ incident }) => incident))));
  return taken.map((row) => {
    const [first, ...rest] = row.updates.map((at) => wordsAt(words, row.incident, at));
    if (first === undefined) throw new Error(`A mail of ${row.incident} is owed without an update.`);
    return {
      claimed: { subscriber: row.id, incident: row.incident, updates: row.updates, worker },
      mail: { ...mailOf(row), content: { kind: 'updates', announcements: [first, ...rest] } },
    };
  });
}

function mailOf(row: z.infer<typeof ConfirmationRow>): Pick<ClaimedMail, 'subscriber' | 'owedAt' | 'attempts'> {
  return { subscriber: subscriberOf(row), owedAt: row.owed_at, attempts: row.attempts };
}

async function wordsOf(queries: Queries, incidents: readonly IncidentId[]): Promise<ReadonlyMap<string, Announcement>> {
  if (incidents.length === 0) return new Map();
  const { rows } = await queries.query(
    'SELECT incident, at, body FROM candor_announcements WHERE incident = ANY ($1)',
    [incidents],
  );
  const found = z.array(WordsRow).parse(rows);
  return new Map(found.map(({ incident, at, body }) => [`${incident} ${at}`, Announcement.parse(JSON.parse(body))]));
}

function wordsAt(words: ReadonlyMap<string, Announcement>, incident: IncidentId, at: string): Announcement {
  const found = words.get(`${incident} ${at}`);
  if (found === undefined) throw new Error(`The update ${at} of ${incident} is owed, but its words are gone.`);
  return found;
}

/** Whether there was something that a worker had who died. */
async function freeOfTheDead(database: Database): Promise<boolean> {
  const tables = ['candor_subscribers', 'candor_mails'];
  const freed = await Promise.all(
    tables.map((table) => {
      return database.query(
        `UPDATE ${table} SET claim = NULL WHERE claim IS NOT NULL AND claim NOT IN ${livingWorkers}`,
      );
    }),
  );
  return freed.some(({ count }) => count > 0);
}

async function releaseMails(database: Database, mine: readonly Claimed[]): Promise<void> {
  const json = (some: readonly Claimed[]) => JSON.stringify(some);
  const confirmations = mine.filter(({ incident }) => incident === undefined);
  const updates = mine.filter(({ incident }) => incident !== undefined);
  if (confirmations.length > 0) await database.query(releaseConfirmationsSql, [json(confirmations)]);
  if (updates.length > 0) await database.query(releaseUpdatesSql, [json(updates)]);
}

const ConfirmationRow = SubscriberRow.extend({ owed_at: z.date(), attempts: z.int() });
const MailRow = ConfirmationRow.extend({ incident: IncidentId, updates: z.array(z.string()) });
const WordsRow = z.object({ incident: IncidentId, at: z.string(), body: z.string() });
const OwedRow = z.object({ mails: z.coerce.number(), next_at: z.date().nullable() });

const takeConfirmationsSql = `
  WITH due AS (
    SELECT id FROM candor_subscribers WHERE due_at <= $1 AND claim IS NULL
    ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE candor_subscribers s SET claim = $3 FROM due WHERE s.id = due.id
  RETURNING ${subscriberColumns}, s.owed_at, s.attempts`;

const takeUpdatesSql = `
  WITH due AS (
    SELECT m.subscriber, m.incident FROM candor_mails m JOIN candor_subscribers s ON s.id = m.subscriber
    WHERE m.due_at <= $1 AND m.claim IS NULL AND candor_is_active(s.confirmed_at, s.suspended_at)
    ORDER BY m.due_at LIMIT $2 FOR UPDATE OF m SKIP LOCKED
  )
  UPDATE candor_mails m SET claim = $3 FROM due, candor_subscribers s
  WHERE m.subscriber = due.subscriber AND m.incident = due.incident AND s.id = m.subscriber
  RETURNING ${subscriberColumns}, m.incident, m.updates, m.owed_at, m.attempts`;

const releaseConfirmationsSql = `
  UPDATE candor_subscribers s SET claim = NULL
  FROM jsonb_to_recordset($1::jsonb) AS c (subscriber text, worker integer)
  WHERE s.id = c.subscriber AND s.claim = c.worker`;

const releaseUpdatesSql = `
  UPDATE candor_mails m SET claim = NULL
  FROM jsonb_to_recordset($1::jsonb) AS c (subscriber text, incident text, worker integer)
  WHERE m.subscriber = c.subscriber AND m.incident = c.incident AND m.claim = c.worker`;

const stillOwedSql = `
  SELECT c.claim FROM jsonb_to_recordset($1::jsonb) AS c (claim text, subscriber text, incident text)
  JOIN candor_subscribers s ON s.id = c.subscriber
  LEFT JOIN candor_mails m ON m.subscriber = c.subscriber AND m.incident = c.incident
  WHERE CASE WHEN c.incident IS NULL THEN s.owed_at IS NOT NULL
    ELSE m.subscriber IS NOT NULL AND candor_is_active(s.confirmed_at, s.suspended_at) END`;

const owedSql = `
  WITH living AS MATERIALIZED ${livingWorkers}, owed AS (
    SELECT due_at, claim FROM candor_mails
    UNION ALL SELECT due_at, claim FROM candor_subscribers WHERE due_at IS NOT NULL
  )
  SELECT count(*) AS mails, min(due_at) FILTER (WHERE claim IS NULL OR claim NOT IN (SELECT * FROM living)) AS next_at
  FROM owed`;
