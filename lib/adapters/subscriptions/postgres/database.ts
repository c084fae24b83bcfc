import pg from 'pg';
import { Failure } from '../../failure.ts';

/** A database behind a pool of connections; everything that it refuses is a `Failure`. */
export interface Database extends Queries {
  /** Its name and host, without user and password. */
  readonly place: string;
  /** All of `work` or nothing, on one connection; once more where another transaction stood in the way. */
  transaction<T>(work: (queries: Queries) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A connection of its own, for what lasts as long as a connection does. */
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

/** Rows as the driver reads them: a schema says what they are. */
export interface Queries {
  query(sql: string, values?: readonly unknown[], name?: string): Promise<Rows>;
}

export interface Rows {
  readonly rows: readonly unknown[];
  readonly count: number;
}

/** A connection; `isLost` once it has ended, whoever ended it. */
export interface Connection extends Queries {
  readonly isLost: () => boolean;
  readonly end: () => Promise<void>;
}

interface TransactionOptions {
  /** Everything as of one moment, and nothing is changed. */
  readonly snapshot?: boolean;
  /** It may take longer than an answer to a person may. */
  readonly long?: boolean;
}

/** What an answer to a person may take, and what a transaction over all subscribers may. */
const [usualAnswerMs, longMs] = [10_000, 30 * 60_000];
const connections = 10;

/**
 * A database by its address; nothing is asked of it yet. A query may take `answerMs` there, and half as long again where
 * the server says nothing at all; a connection half as long.
 */
export function openDatabase(url: string, answerMs = usualAnswerMs): Database {
  const silentMs = answerMs * 1.5;
  const place = placeOf(url);
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'candor',
    connectionTimeoutMillis: answerMs / 2,
    keepAlive: true,
  };
  const pool = new pg.Pool({ ...config, max: connections, idleTimeoutMillis: 60_000, statement_timeout: answerMs });
  // A connection that breaks while nobody uses it is replaced by the next query, which says what is wrong if it goes on.
  const quiet = () => undefined;
  pool.on('error', quiet);
  const failing = <T>(work: () => Promise<T>) => asFailures(place, work);
  return {
    place,
    query: (sql, values, name) => failing(() => queriesOf(pool, silentMs).query(sql, values, name)),
    transaction: (work, options) => failing(() => retried(() => inTransaction(pool, work, { silentMs, ...options }))),
    connect: () =>
      failing(async () => {
        const client = new pg.Client(config);
        let isLost = false;
        client.on('error', quiet);
        client.on('end', () => {
          isLost = true;
        });
        await client.connect();
        const { query } = queriesOf(client, silentMs);
        return {
          query: (sql, values) => failing(() => query(sql, values)),
          isLost: () => isLost,
          end: () => client.end(),
        };
      }),
    close: () => pool.end(),
  };
}

/** The host and the database of an address, for messages. */
function placeOf(url: string): string {
  try {
    const { host, pathname, searchParams } = new URL(url.replace('@/', '@localhost/'));
    return `${decodeURIComponent(pathname.slice(1)) || 'the default database'} at ${searchParams.get('host') ?? (host || 'localhost')}`;
  } catch (cause) {
    throw new Failure('DATABASE_URL is no address of a database.', {
      fix: 'Write it as postgres://USER:PASSWORD@HOST:5432/DATABASE.',
      // The error quotes the address, which holds a password.
      cause: cause instanceof Error ? cause.name : undefined,
    });
  }
}

function queriesOf(client: pg.Pool | pg.ClientBase, timeoutMs: number): Queries {
  return {
    query: async (text, values = [], name) => {
      // A server that is gone without a word never answers; the driver then gives up.
      const query = { text, values: [...values], query_timeout: timeoutMs, ...(name === undefined ? {} : { name }) };
      const { rows, rowCount } = await client.query(query);
      return { rows, count: rowCount ?? 0 };
    },
  };
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (queries: Queries) => Promise<T>,
  { silentMs, snapshot = false, long = false }: TransactionOptions & { readonly silentMs: number },
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const queries = queriesOf(client, long ? longMs : silentMs);
  try {
    await queries.query(snapshot ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN');
    if (long) await queries.query(`SET LOCAL statement_timeout = ${longMs}`);
    const value = await work(queries);
    await queries.query('COMMIT');
    return value;
  } catch (error) {
    await queries.query('ROLLBACK').catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const inTheWay = new Set(['40001', '40P01']);
const attempts = 5;

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !inTheWay.has(codeOf(error) ?? '')) throw error;
    }
  }
}

async function asFailures<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error)) throw error;
    const code = codeOf(error);
    const isOurs = !(error instanceof pg.DatabaseError) && code === undefined && !isDrivers(error);
    if (isOurs) throw error;
    const [reason, fix] = reasonOf(code);
    throw new Failure(`The database ${place} ${reason}.`, { fix, cause: error });
  }
}

/** The driver's own errors have no code: a connection that ended, or an answer that did not come. */
function isDrivers(error: Error): boolean {
  return /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|The server does not support SSL|Client was closed)/.test(
    error.message,
  );
}

const migrate = 'Run `candor migrate` with the same DATABASE_URL.';
const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['has a host that cannot be found', 'Check DATABASE_URL.'],
  EAI_AGAIN: ['has a host that cannot be found at the moment', 'Check the network, then try again.'],
  ECONNREFUSED: ['does not answer', 'Check that it runs, and DATABASE_URL.'],
  '28P01': ['refuses the user or the password', 'Check DATABASE_URL.'],
  '28000': ['refuses the user', 'Check DATABASE_URL, and what pg_hba.conf lets in.'],
  '3D000': ['does not exist', 'Create it, or check DATABASE_URL.'],
  '42501': ['does not let this user do that', 'Give the user of DATABASE_URL the right to use the tables.'],
  '42P01': ['has no tables of Candor', migrate],
  '42703': ['has tables of another Candor', migrate],
  '53100': ['has a disk that is full', 'Make room there; what was confirmed is kept.'],
  '53300': ['has too many connections', 'Let it have more, or run fewer endpoints.'],
  '25006': ['takes no changes: it is a copy that only reads', 'Name the one that takes changes in DATABASE_URL.'],
  '57014': ['took too long', 'Look at what keeps it busy, then try again.'],
  '57P01': ['is shutting down', 'Try again once it runs.'],
  '57P03': ['is starting up', 'Try again once it runs.'],
};

function reasonOf(code: string | undefined): readonly [string, string] {
  const known = code === undefined ? undefined : reasons[code];
  return known ?? [`could not be used (${code ?? 'the connection broke'})`, 'Check that it runs, then try again.'];
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
