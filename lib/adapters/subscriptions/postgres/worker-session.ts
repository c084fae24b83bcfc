import { z } from 'zod';
import type { Connection, Database, Queries } from './database.ts';

/** The first part of the locks by which workers are known to live; the second is the worker's number. */
const lockClass = 722_636;

/**
 * The number under which this process claims mails. It is locked by a connection that lasts as long as the process, so
 * that everybody sees when the process ended, however it ended.
 */
export class WorkerSession {
  readonly #database: Database;
  #number: number | undefined;
  #connection: Promise<Connection> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The number, while it is locked; after a connection broke it is locked anew, the same one if nobody holds it. */
  async number(): Promise<number> {
    if (this.#connection !== undefined && (await this.#connection).isLost()) this.#connection = undefined;
    this.#connection ??= this.#lock().catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    await this.#connection;
    if (this.#number === undefined) throw new Error('A session has a number once it is locked.');
    return this.#number;
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.end();
  }

  async #lock(): Promise<Connection> {
    const connection = await this.#database.connect();
    try {
      const isMine = this.#number !== undefined && (await tryLock(connection, this.#number));
      if (!isMine) this.#number = await freeNumber(connection);
      return connection;
    } catch (error) {
      await connection.end();
      throw error;
    }
  }
}

/** For the WHERE of a query: the numbers of workers that live. */
export const livingWorkers = `(
  SELECT objid::integer FROM pg_locks
  WHERE locktype = 'advisory' AND classid = ${lockClass} AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

async function freeNumber(connection: Connection): Promise<number> {
  for (;;) {
    const { rows } = await connection.query("SELECT nextval('candor_workers')::integer AS number");
    const { number } = z.object({ number: z.int() }).parse(rows[0]);
    if (await tryLock(connection, number)) return number;
  }
}

async function tryLock(queries: Queries, number: number): Promise<boolean> {
  const { rows } = await queries.query(`SELECT pg_try_advisory_lock(${lockClass}, $1::integer) AS locked`, [number]);
  return z.object({ locked: z.boolean() }).parse(rows[0]).locked;
}
