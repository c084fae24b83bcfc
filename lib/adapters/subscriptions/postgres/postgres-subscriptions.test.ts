import { afterAll, test } from 'vitest';
import { startPostgres } from '../../../testing/postgres.ts';
import { expectSameHistories } from '../../../testing/subscription-histories.ts';
import { type SubscriptionPlace, subscriptionStoreContract } from '../../../testing/subscription-store-contract.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { openPostgresSubscriptions } from './postgres-subscriptions.ts';

const key = 'key-of-tests';
const found = await startPostgres();
const server = found.kind === 'server' ? found.server : undefined;

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

if (found.kind === 'missing') {
  test.skip(`PostgreSQL cannot run here: ${found.reason}`);
} else {
  const url = await migratedDatabase();
  const admin = openDatabase(url);
  const emptied = async (): Promise<SubscriptionPlace> => {
    await admin.query(emptySql);
    const opened: { close: () => Promise<void> }[] = [];
    return {
      open: async () => {
        const store = await openPostgresSubscriptions(url, [key]);
        opened.push(store);
        return store;
      },
      [Symbol.asyncDispose]: async () => {
        for (const store of opened) await store.close();
      },
    };
  };
  subscriptionStoreContract('PostgreSQL', emptied);
  test('a law: PostgreSQL answers as memory does, whatever happens, and whenever it is closed and opened', () =>
    expectSameHistories(emptied, 15));
}

const emptySql = `
  DELETE FROM candor_subscribers; DELETE FROM candor_store; DELETE FROM candor_seen; DELETE FROM candor_announcements`;

async function migratedDatabase(): Promise<string> {
  if (server === undefined) throw new Error('There is no server.');
  const url = await server.newDatabase();
  const database = openDatabase(url);
  await migrate(database);
  await database.close();
  return url;
}
