import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileSubscriptions } from '../lib/adapters/subscriptions/file-subscriptions.ts';
import { type Database, openDatabase } from '../lib/adapters/subscriptions/postgres/database.ts';
import { migrate } from '../lib/adapters/subscriptions/postgres/migrate.ts';
import { openPostgresSubscriptions } from '../lib/adapters/subscriptions/postgres/postgres-subscriptions.ts';
import { type StoredSubscriptions, subscriptionFormat } from '../lib/schema/stored-subscription.ts';
import type { ManagedStore } from '../lib/subscriptions/subscription-archive.ts';
import type { Wish } from '../lib/subscriptions/subscription-store.ts';
import { type PostgresServer, startPostgres } from '../lib/testing/postgres.ts';
import { announcement, look } from '../lib/testing/subscription-builders.ts';
import { median, table } from './measure.ts';

/** So many ask at the same time, as in the measures of the endpoint. */
const inFlight = 64;
const key = 'key-of-bench';
const now = new Date('2026-11-20T10:00:00Z');

interface Speed {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/**
 * Wishes that are on the disk when they are answered, beside bare appends that are on the disk and bare rows that are
 * inserted; what a wish costs a new, a waiting and a confirmed address; one update owed to all. Returns what to print.
 */
export async function benchSubscribers(folder: string, sizes: readonly number[], wishes: number): Promise<string> {
  const rows = [
    ['durable subscribes, 64 at once', 'a second', 'p99 ms', 'bare a second', 'bare p99 ms', 'ratio', 'MB'],
  ];
  rows.push(await fileRow(folder, Math.min(10_000, sizes.at(-1) ?? 0), wishes));
  const found = await startPostgres({ durable: true });
  if (found.kind === 'missing') return `${table(rows)}PostgreSQL cannot run here: ${found.reason}\n`;
  await using server = found.server;
  const cases = [['median ms of a wish, one at a time', 'new', 'waiting', 'confirmed', 'owe one update to all, s']];
  for (const size of sizes) {
    const { speed, cost } = await inPostgres(server, size, wishes);
    rows.push(speed);
    cases.push(cost);
  }
  return `${table(rows)}${table(cases)}`;
}

async function fileRow(folder: string, size: number, wishes: number): Promise<string[]> {
  const store = await openFileSubscriptions(join(folder, 'subscribers'), [key]);
  await store.fill(populated(size));
  const before = process.memoryUsage().rss;
  const ours = await timed(wishes, (number) => store.subscribe(newWish(number)));
  const memory = process.memoryUsage().rss - before;
  await store.close();
  const file = await open(join(folder, 'appends'), 'a');
  const line = JSON.stringify(newWish(0));
  const bare = await oneByOne(Math.min(wishes, 1000), async () => {
    await file.write(`${line}\n`);
    await file.sync();
  });
  await file.close();
  return row(`file of ${size.toLocaleString('en')}`, ours, bare, memory);
}

async function inPostgres(server: PostgresServer, size: number, wishes: number) {
  const url = await server.newDatabase();
  const database = openDatabase(url);
  await migrate(database);
  const store = await openPostgresSubscriptions(url, [key]);
  await store.fill(populated(size));
  await database.query('VACUUM ANALYZE');
  const bare = await bareInserts(database, wishes);
  const before = process.memoryUsage().rss;
  const ours = await timed(wishes, (number) => store.subscribe(newWish(number)));
  const memory = process.memoryUsage().rss - before;
  const cost = await costs(store, size);
  await store.close();
  await database.close();
  const name = `PostgreSQL of ${size.toLocaleString('en')}`;
  return { speed: row(name, ours, bare, memory), cost: [name, ...cost] };
}

async function bareInserts(database: Database, count: number): Promise<Speed> {
  await database.query('CREATE TABLE bare (id text PRIMARY KEY, value text NOT NULL)');
  const value = JSON.stringify(newWish(0));
  const sql = 'INSERT INTO bare (id, value) VALUES ($1, $2)';
  return timed(count, (number) => database.query(sql, [`bare-${number}`, value], 'bare'));
}

/** The same wish as a new address, as one that waits for its confirmation, and as one that has confirmed. */
async function costs(store: ManagedStore, size: number): Promise<string[]> {
  const rounds = 300;
  const cases = [
    (number: number) => newWish(number, 'fresh'),
    (number: number) => ({ ...newWish(number, 'again'), emailKey: newWish(number, 'fresh').emailKey }),
    (number: number) => ({ ...newWish(number, 'known'), emailKey: `email-${number % size}` }),
  ];
  const times = cases.map((): number[] => []);
  for (let number = 0; number < rounds; number++) {
    for (const [at, wish] of cases.entries()) {
      const began = performance.now();
      await store.subscribe(wish(number));
      times[at]?.push(performance.now() - began);
    }
  }
  const began = performance.now();
  await store.owe(look('2026-11-20T11:00:00Z', [announcement('payments', { at: '2026-11-20T10:59:00Z' })]), now);
  const owedSeconds = (performance.now() - began) / 1000;
  return [...times.map((some) => median(some).toFixed(2)), owedSeconds.toFixed(2)];
}

function row(name: string, ours: Speed, bare: Speed, memoryBytes: number): string[] {
  return [
    name,
    ours.perSecond.toFixed(0),
    ours.p99Ms.toFixed(0),
    bare.perSecond.toFixed(0),
    bare.p99Ms.toFixed(0),
    (ours.perSecond / bare.perSecond).toFixed(2),
    (memoryBytes / 1e6).toFixed(0),
  ];
}

async function timed(count: number, ask: (number: number) => Promise<unknown>): Promise<Speed> {
  let next = 0;
  const times: number[] = [];
  const asker = async () => {
    while (next < count) {
      const number = next++;
      const began = performance.now();
      await ask(number);
      times.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, asker));
  return speedOf(times, performance.now() - began);
}

async function oneByOne(count: number, work: () => Promise<void>): Promise<Speed> {
  const times: number[] = [];
  const began = performance.now();
  for (let number = 0; number < count; number++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return speedOf(times, performance.now() - began);
}

function speedOf(times: readonly number[], totalMs: number): Speed {
  const p99Ms = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  return { perSecond: (times.length / totalMs) * 1000, p99Ms };
}

/** Confirmed subscribers in the sizes of real ones, of whom half chose a component. */
function populated(count: number): StoredSubscriptions {
  const subscribers = Array.from({ length: count }, (_, number) => ({
    id: `id-${number}`.padEnd(16, 'x'),
    email_key: `email-${number}`,
    email: 'e'.repeat(85),
    leave_key: `leave-${number}`.padEnd(43, 'x'),
    leave: 'l'.repeat(108),
    components: number % 2 === 0 ? ('all' as const) : ['payments', 'orders'],
    language: 'en',
    created_at: now.getTime() - 1000,
    confirmed_at: now.getTime() - 500,
  }));
  const page = { url: 'https://status.example.com/', generated_at: now.getTime() };
  return { format: subscriptionFormat, key, page, seen: [], announcements: [], subscribers, mails: [] };
}

function newWish(number: number, kind = 'new'): Wish {
  return {
    id: `${kind}-${number}`.padEnd(16, 'x'),
    emailKey: `${kind}-email-${number}`.padEnd(43, 'x'),
    sealedEmail: 'e'.repeat(85),
    components: 'all',
    language: 'en',
    unsubscribeKey: `${kind}-leave-${number}`.padEnd(43, 'x'),
    sealedUnsubscribe: 'l'.repeat(108),
    at: now,
  };
}
