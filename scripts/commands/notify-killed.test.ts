import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openSubscriptionStore,
  type SubscriptionPlace,
} from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import { openDatabase } from '../../lib/adapters/subscriptions/postgres/database.ts';
import { migrate } from '../../lib/adapters/subscriptions/postgres/migrate.ts';
import { lookAt } from '../../lib/subscriptions/look.ts';
import { candor, repository } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { startMailServer } from '../../lib/testing/mail-server.ts';
import { addresses, snapshotWith, subscribers, testDataKey } from '../../lib/testing/mailing-list.ts';
import { type FoundPostgres, startPostgres } from '../../lib/testing/postgres.ts';
import { on } from '../../lib/testing/subscription-builders.ts';

const investigating = ['investigating', '2026-11-20T09:30:00Z', 'We are looking into it.'] as const;
/** Mails that may be on their way when a worker is killed: those of its connections, and those not recorded yet. */
const inFlight = { postgres: 10 + 32, file: 10 + 128 };

/** A list whose every subscriber is owed one mail, in a store that no process has open. */
async function owedList(place: SubscriptionPlace, list: readonly string[]): Promise<void> {
  const { store } = await openSubscriptionStore(place);
  await store.owe(lookAt(snapshotWith('2026-11-20T08:30:00Z', [])), on('08:30:00'));
  await subscribers(store, list, { at: on('09:00:00') });
  await store.owe(lookAt(snapshotWith('2026-11-20T09:31:00Z', [investigating])), on('09:31:00'));
  await store.close();
}

/** A server that tells whenever a mail has come, before it answers. */
async function watchedServer() {
  const order: string[] = [];
  let arrived = (_count: number) => {};
  const server = await startMailServer({
    message: ({ to }) => {
      order.push(...to);
      arrived(order.length);
      return 'take';
    },
  });
  const reached = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = (now) => now >= count && resolve();
    });
  return { server, order, reached };
}

interface Worker {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
}

function startWorker(args: readonly string[], env: NodeJS.ProcessEnv): Worker {
  const main = join(repository, 'scripts', 'candor.ts');
  const child = spawn(process.execPath, [main, 'notify', ...args], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  return { child, ended: once(child, 'close') };
}

/** After how many mails each worker is killed. */
function killPoints(count: number, total: number): number[] {
  return Array.from({ length: count }, () => 1 + Math.floor(Math.random() * (total - 1))).sort((a, b) => a - b);
}

/**
 * Nobody was left out, and who got a mail again got it while it was on its way as a worker was killed. How many mails another
 * worker at work sends meanwhile is not bounded; so `reach` is how far before a kill the first copy may be.
 */
function expectWhole(
  order: readonly string[],
  list: readonly string[],
  killedAt: readonly number[],
  inFlight: number,
  reach: number = inFlight,
): void {
  expect(new Set(order)).toEqual(new Set(list));
  const unexplained = order.filter((email, again) => {
    const first = order.indexOf(email);
    return (
      first !== again &&
      !killedAt.some((kill) => first < kill + inFlight && first >= kill - reach && again >= kill - inFlight)
    );
  });
  expect(unexplained).toEqual([]);
  expect(order.length - list.length).toBeLessThanOrEqual(killedAt.length * inFlight);
}

async function page() {
  const folder = await temporaryFolder();
  await folder.write('page/current.json', JSON.stringify(snapshotWith('2026-11-20T09:32:00Z', [investigating])));
  const state = join(folder.path, 'state');
  return { ...folder, state, args: ['--from', join(folder.path, 'page'), '--state', state, '--root', folder.path] };
}

test('a worker that is killed at any moment loses no mail: the file', { timeout: 120_000 }, async () => {
  await using root = await page();
  const list = addresses(600);
  await owedList({ folder: join(root.state, 'subscribers'), dataKey: testDataKey }, list);
  const { server, order, reached } = await watchedServer();
  await using _ = server;
  const env = { SMTP_URL: server.url, MAIL_FROM: 'status@marigold.example', CANDOR_DATA_KEY: testDataKey };
  const killedAt: number[] = [];
  for (const point of killPoints(2, 560)) {
    const { child, ended } = startWorker(root.args, env);
    await Promise.race([reached(point), ended]);
    child.kill('SIGKILL');
    await ended;
    killedAt.push(order.length);
  }
  expect(await candor(['notify', ...root.args], { env })).toMatchObject({ code: 0, stderr: '' });
  expectWhole(order, list, killedAt, inFlight.file);
});

describe('on PostgreSQL', () => {
  let found: FoundPostgres;
  beforeAll(async () => {
    found = await startPostgres();
  });
  afterAll(async () => {
    if (found.kind === 'server') await found.server[Symbol.asyncDispose]();
  });

  async function database(skip: (why: string) => never, list: readonly string[]): Promise<string> {
    if (found.kind === 'missing') return skip(`PostgreSQL does not start here: ${found.reason}`);
    const databaseUrl = await found.server.newDatabase();
    const tables = openDatabase(databaseUrl);
    await migrate(tables);
    await tables.close();
    await owedList({ folder: '', databaseUrl, dataKey: testDataKey }, list);
    return databaseUrl;
  }

  test('two workers of which one after the other is killed lose no mail', { timeout: 120_000 }, async ({ skip }) => {
    await using root = await page();
    const list = addresses(300);
    const databaseUrl = await database(skip, list);
    const { server, order, reached } = await watchedServer();
    await using _ = server;
    const mail = { SMTP_URL: server.url, MAIL_FROM: 'status@marigold.example' };
    const env = { ...mail, CANDOR_DATA_KEY: testDataKey, DATABASE_URL: databaseUrl };
    const killedAt: number[] = [];
    const workers = [startWorker(root.args, env), startWorker(root.args, env)];
    for (const point of killPoints(2, 220)) {
      const [oldest] = workers;
      if (oldest === undefined) break;
      await Promise.race([reached(point), Promise.all(workers.map(({ ended }) => ended))]);
      oldest.child.kill('SIGKILL');
      await oldest.ended;
      killedAt.push(order.length);
      workers.shift();
      workers.push(startWorker(root.args, env));
    }
    await Promise.all(workers.map(({ ended }) => ended));
    expect(await candor(['notify', ...root.args], { env })).toMatchObject({ code: 0, stderr: '' });
    expectWhole(order, list, killedAt, inFlight.postgres, Number.POSITIVE_INFINITY);
  });

  test('two workers share the mails, and nobody gets one twice', { timeout: 120_000 }, async ({ skip }) => {
    await using root = await page();
    const list = addresses(200);
    const databaseUrl = await database(skip, list);
    const { server, order } = await watchedServer();
    await using _ = server;
    const mail = { SMTP_URL: server.url, MAIL_FROM: 'status@marigold.example' };
    const env = { ...mail, CANDOR_DATA_KEY: testDataKey, DATABASE_URL: databaseUrl };
    const ended = await Promise.all([1, 2].map(() => candor(['notify', ...root.args, '--format', 'json'], { env })));
    const sent = ended.map(({ stdout }) => Number(JSON.parse(stdout).updates));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(sent[0] ?? 0).toBe(200 - (sent[1] ?? 0));
    expect(order.toSorted()).toEqual(list);
  });
});
