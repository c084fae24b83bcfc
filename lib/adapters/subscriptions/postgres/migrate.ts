import { z } from 'zod';
import { Failure } from '../../failure.ts';
import type { Database, Queries } from './database.ts';
import { migrations, tablesVersion } from './migrations.ts';

/** No other program should lock this number; everybody who migrates waits for everybody else. */
const lockNumber = 7_226_367_001;

/** Bring the tables to the version of this Candor; the versions from and to. Several may do so at once. */
export async function migrate(database: Database): Promise<{ readonly from: number; readonly to: number }> {
  return database.transaction(
    async (queries) => {
      await queries.query('SELECT pg_advisory_xact_lock($1)', [lockNumber]);
      await queries.query(
        'CREATE TABLE IF NOT EXISTS candor_migrations (version integer PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now())',
      );
      const from = await versionIn(queries);
      mustNotBeNewer(database, from);
      for (const { version, sql } of migrations) {
        if (version <= from) continue;
        await queries.query(sql);
        await queries.query('INSERT INTO candor_migrations (version) VALUES ($1)', [version]);
      }
      return { from, to: tablesVersion };
    },
    { long: true },
  );
}

/** Throws where the tables are not those of this Candor. */
export async function mustBeMigrated(database: Database): Promise<void> {
  const found = await database.query("SELECT to_regclass('candor_migrations') IS NOT NULL AS found");
  const version = Found.parse(found.rows[0]).found ? await versionIn(database) : 0;
  mustNotBeNewer(database, version);
  if (version === tablesVersion) return;
  const what =
    version === 0 ? 'no tables of Candor' : `tables of version ${version}, and this Candor needs ${tablesVersion}`;
  throw new Failure(`The database ${database.place} has ${what}.`, {
    fix: 'Run `candor migrate` with the same DATABASE_URL.',
  });
}

function mustNotBeNewer({ place }: Database, version: number): void {
  if (version <= tablesVersion) return;
  throw new Failure(
    `The database ${place} has tables of version ${version}, from a newer Candor; this one knows up to ${tablesVersion}. Nothing was changed.`,
    { fix: 'Update Candor here.' },
  );
}

async function versionIn(queries: Queries): Promise<number> {
  const { rows } = await queries.query('SELECT coalesce(max(version), 0) AS version FROM candor_migrations');
  return Version.parse(rows[0]).version;
}

const Found = z.object({ found: z.boolean() });
const Version = z.object({ version: z.int() });
