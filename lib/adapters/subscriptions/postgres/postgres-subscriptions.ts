import { z } from 'zod';
import type { ManagedStore, SubscriptionHousekeeping } from '../../../subscriptions/subscription-archive.ts';
import type { SubscriberCounts } from '../../../subscriptions/subscription-store.ts';
import { type KeyIds, mustBeUnder } from '../key-ids.ts';
import { archivingIn, everything } from './archiving.ts';
import { type Claims, claimingIn } from './claiming.ts';
import { type Database, openDatabase } from './database.ts';
import { mustBeMigrated } from './migrate.ts';
import { owingIn } from './owing.ts';
import { settlingIn } from './settling.ts';
import { prune, subscribingIn } from './subscribing.ts';
import { WorkerSession } from './worker-session.ts';

/**
 * The store in the database at `url`, whose tables exist; several processes may use it at the same time. `keys` are the
 * ids of data keys, the one in use first: it must be under one of them, and belongs to the first where it is new. Where
 * `answerMs` is given, an answer to a person may take so long.
 */
export async function openPostgresSubscriptions(url: string, keys: KeyIds, answerMs?: number): Promise<ManagedStore> {
  const database = openDatabase(url, answerMs);
  try {
    await mustBeMigrated(database);
    await database.query('INSERT INTO candor_store (key) VALUES ($1) ON CONFLICT DO NOTHING', [keys[0]]);
    const { rows } = await database.query('SELECT key FROM candor_store');
    mustBeUnder(`${database.place}`, z.object({ key: z.string() }).parse(rows[0]).key, keys);
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeIn(database, keys[0]);
}

/** The part of the store for which no key is needed; the tables exist. */
export async function keepPostgres(url: string): Promise<SubscriptionHousekeeping> {
  const database = openDatabase(url);
  try {
    await mustBeMigrated(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    counts: (components) => counts(database, components),
    prune: (now) => prune(database, now),
    everything: () => everything(database),
    close: () => database.close(),
  };
}

function storeIn(database: Database, key: string): ManagedStore {
  const session = new WorkerSession(database);
  const claims: Claims = new Map();
  let isClosed = false;
  return {
    place: database.place,
    unrecordedAtMost: 32,
    ...subscribingIn(database, key),
    ...owingIn(database),
    ...claimingIn(database, session, claims),
    ...settlingIn(database, claims),
    ...archivingIn(database),
    prune: (now) => prune(database, now),
    counts: (components) => counts(database, components),
    check: async () => {
      await database.query('SELECT FROM candor_store');
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await session.close();
      await database.close();
    },
  };
}

async function counts(database: Database, components: readonly string[]): Promise<SubscriberCounts> {
  const { rows } = await database.query(countsSql, [components]);
  const { hearing, ...found } = CountsRow.parse(rows[0]);
  return { ...found, byComponent: Object.fromEntries(components.map((id, at) => [id, hearing[at] ?? 0])) };
}

const CountsRow = z.object({
  confirmed: z.coerce.number(),
  suspended: z.coerce.number(),
  unconfirmed: z.coerce.number(),
  hearing: z.array(z.coerce.number()),
});

const countsSql = `
  WITH s AS MATERIALIZED (
    SELECT candor_is_active(confirmed_at, suspended_at) AS active, suspended_at IS NOT NULL AS suspended, components
    FROM candor_subscribers
  )
  SELECT
    count(*) FILTER (WHERE active) AS confirmed,
    count(*) FILTER (WHERE suspended) AS suspended,
    count(*) FILTER (WHERE NOT active AND NOT suspended) AS unconfirmed,
    ARRAY(
      SELECT (SELECT count(*) FROM s WHERE active AND (components IS NULL OR c.id = ANY (components)))
      FROM unnest($1::text[]) WITH ORDINALITY AS c (id, number) ORDER BY number
    ) AS hearing
  FROM s`;
