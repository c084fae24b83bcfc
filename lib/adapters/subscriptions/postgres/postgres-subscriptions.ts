import { z } from 'zod';
import type { ManagedStore } from '../../../subscriptions/subscription-archive.ts';
import type { SubscriberCounts } from '../../../subscriptions/subscription-store.ts';
import { Failure } from '../../failure.ts';
import { archivingIn } from './archiving.ts';
import { type Claims, claimingIn } from './claiming.ts';
import { type Database, openDatabase } from './database.ts';
import { mustBeMigrated } from './migrate.ts';
import { owingIn } from './owing.ts';
import { settlingIn } from './settling.ts';
import { subscribingIn } from './subscribing.ts';
import { WorkerSession } from './worker-session.ts';

/** The store in the database at `url`, whose tables exist; several processes may use it at the same time. */
export async function openPostgresSubscriptions(url: string, key: string): Promise<ManagedStore> {
  const database = openDatabase(url);
  try {
    await mustBeMigrated(database);
    await mustBeUnder(database, key);
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeIn(database, key);
}

function storeIn(database: Database, key: string): ManagedStore {
  const session = new WorkerSession(database);
  const claims: Claims = new Map();
  let isClosed = false;
  return {
    place: database.place,
    ...subscribingIn(database, key),
    ...owingIn(database),
    ...claimingIn(database, session, claims),
    ...settlingIn(database, claims),
    ...archivingIn(database),
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

/** A store belongs to the key under which it was first opened, until it is put under another. */
async function mustBeUnder(database: Database, key: string): Promise<void> {
  await database.query('INSERT INTO candor_store (key) VALUES ($1) ON CONFLICT DO NOTHING', [key]);
  const { rows } = await database.query('SELECT key FROM candor_store');
  const found = z.object({ key: z.string() }).parse(rows[0]).key;
  if (found === key) return;
  throw new Failure(
    `The subscribers in ${database.place} are encrypted under the data key ${found}, but the one in use is ${key}.`,
    {
      fix: 'Put the earlier key back; or give both, the new one first and a comma between, and run `candor subscribers rotate`.',
    },
  );
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
