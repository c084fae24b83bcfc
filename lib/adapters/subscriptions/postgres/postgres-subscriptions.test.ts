import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { newDataKey } from '../../../subscriptions/data-keys.ts';
import { openEmail } from '../../../subscriptions/subscriber-secrets.ts';
import type { ManagedStore } from '../../../subscriptions/subscription-archive.ts';
import { candor } from '../../../testing/command-line.ts';
import { temporaryContentRoot } from '../../../testing/content-root.ts';
import { type PostgresServer, startPostgres } from '../../../testing/postgres.ts';
import { announcement, look, on, sealedWish, subscribed, token, wish } from '../../../testing/subscription-builders.ts';
import { expectSameHistories } from '../../../testing/subscription-histories.ts';
import {
  claimAll,
  type SubscriptionPlace,
  subscriptionStoreContract,
} from '../../../testing/subscription-store-contract.ts';
import { Failure } from '../../failure.ts';
import { openSubscriptionStore } from '../open-subscription-store.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { openPostgresSubscriptions } from './postgres-subscriptions.ts';

const key = 'key-of-tests';
const found = await startPostgres();

if (found.kind === 'missing') test.skip(`PostgreSQL cannot run here: ${found.reason}`);
else await inPostgres(found.server);

async function inPostgres(server: PostgresServer): Promise<void> {
  const url = await server.newDatabase();
  const admin = openDatabase(url);
  await migrate(admin);
  afterAll(async () => {
    await kept?.close();
    await admin.close();
    await server[Symbol.asyncDispose]();
  });
  const emptied = async () => {
    await admin.query(emptySql);
    return new Place(url);
  };
  subscriptionStoreContract('PostgreSQL', emptied);

  test('a law: PostgreSQL answers as memory does, whatever happens, and whenever it is closed and opened', () =>
    expectSameHistories(emptied, 15));

  describe('several processes', () => severalProcesses(url, emptied, admin.query));
  describe('its tables', () => tables(server));
  describe('moving', () => moving(server));
  describe('a database that cannot be used', () => unusable(server, url, emptied));
}

const emptySql = `
  DELETE FROM candor_subscribers; DELETE FROM candor_seen; DELETE FROM candor_announcements;
  UPDATE candor_store SET key = '${key}', page_url = NULL, page_generated_at = NULL`;

/** The store of the last test, where that did not close it: connecting takes longer than most tests. */
let kept: ManagedStore | undefined;

/** A database, opened as often as there are processes. */
class Place implements SubscriptionPlace {
  readonly #url: string;
  readonly #open = new Set<ManagedStore>();

  constructor(url: string) {
    this.#url = url;
  }

  readonly open = async (): Promise<ManagedStore> => {
    const store = kept ?? (await openPostgresSubscriptions(this.#url, [key]));
    kept = undefined;
    this.#open.add(store);
    const close = async () => {
      if (this.#open.delete(store)) await store.close();
    };
    return { ...store, close };
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const [first, ...others] = this.#open;
    for (const store of others) await store.close();
    kept = first;
  }
}

/** A store in which these people are owed an update. */
async function owedTo(place: Place, names: readonly string[]) {
  const store = await place.open();
  await store.owe(look('08:00:00'), on('08:00:00'));
  for (const name of names) await subscribed(store, name);
  await store.owe(look('09:31:00', [announcement('payments')]), on('09:31:00'));
  return store;
}

function severalProcesses(
  url: string,
  emptied: () => Promise<Place>,
  query: ReturnType<typeof openDatabase>['query'],
): void {
  test('two workers share the mails, and neither gets what the other has', async () => {
    await using place = await emptied();
    const one = await owedTo(place, ['ann', 'bob', 'cem', 'dan']);
    const two = await place.open();
    const taken = [
      await one.claim({ worker: 'one', limit: 2, now: on('09:32:00') }),
      await two.claim({ worker: 'two', limit: 9, now: on('09:32:00') }),
      await one.claim({ worker: 'one', limit: 9, now: on('09:32:00') }),
    ].map((mails) => mails.length);
    expect(taken).toEqual([2, 2, 0]);
    expect(await two.owed()).toEqual({ mails: 4 });
  });

  test('what a worker had that was killed is free, with its confirmations', async () => {
    await using place = await emptied();
    const store = await owedTo(place, ['ann', 'bob']);
    await store.subscribe(wish('eve'));
    const worker = processWith(
      url,
      `const mails = await store.claim({ worker: 'killed', limit: 9, now: new Date('2026-11-20T09:32:00Z') });
       process.stdout.write(mails.length + ' mails\\n'); setInterval(() => {}, 1000);`,
    );
    const [said] = worker.stdout === null ? [] : await once(worker.stdout, 'data');
    expect(String(said)).toBe('3 mails\n');
    expect(await claimAll(store, '09:32:00')).toEqual([]);
    const closed = once(worker, 'close');
    worker.kill('SIGKILL');
    await closed;
    await expect.poll(async () => (await claimAll(store, '09:32:00')).length, { timeout: 20_000 }).toBe(3);
  });

  test('a worker whose connections broke goes on with what it has, and loses none of it to another', async () => {
    await using place = await emptied();
    const one = await owedTo(place, ['ann', 'bob']);
    const mails = await claimAll(one, '09:32:00');
    await query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'candor' AND pid <> pg_backend_pid()",
    );
    await expect
      .poll(
        () =>
          one.check().then(
            () => 'well',
            () => 'broken',
          ),
        { timeout: 20_000 },
      )
      .toBe('well');
    expect(await claimAll(one, '09:32:00')).toEqual([]);
    const two = await place.open();
    expect(await claimAll(two, '09:32:00')).toEqual([]);
    await Promise.all(mails.map(({ claim }) => one.settle({ claim, kind: 'accepted' }, on('09:33:00'))));
    expect(await two.owed()).toEqual({ mails: 0 });
  });

  test('endpoints at the same time make one subscriber of one address', async () => {
    await using place = await emptied();
    const stores = await Promise.all([1, 2, 3].map(() => place.open()));
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, nth) => stores[nth % 3]?.subscribe(wish('ann', { nth }))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['owed']));
    expect(await stores[0]?.counts([])).toMatchObject({ unconfirmed: 1 });
  });

  test('once everything is under another key, whoever has the earlier one is told so and makes nobody twice', async () => {
    await using place = await emptied();
    const before = await place.open();
    await subscribed(before, 'ann');
    const rotating = await openPostgresSubscriptions(url, ['new-key', key]);
    const resealed = await rotating.rekey('new-key', (sealed) => ({ ...sealed, emailKey: `new ${sealed.emailKey}` }));
    await rotating.close();
    expect(resealed).toBe(1);
    await expect(before.subscribe(wish('ann', { nth: 2 }))).rejects.toMatchObject({
      message: `The subscribers in ${before.place} are encrypted under another data key than the one in use.`,
      fix: 'If the key was changed by `candor subscribers rotate`, give this process the new CANDOR_DATA_KEY and start it again.',
    });
    await expect(place.open()).rejects.toThrow(
      'are encrypted under the data key new-key, and the one in use is key-of-tests',
    );
    expect((await before.everything()).subscribers.map(({ email_key }) => email_key)).toEqual(['new email-ann']);
  });

  test('what is brought here from elsewhere is the same, once', async () => {
    await using place = await emptied();
    const source = await owedTo(place, ['ann', 'bob']);
    await source.subscribe(wish('eve', { components: ['payments'] }));
    await source.addConfirmation('id-eve-1', token('eve'));
    const exported = await source.everything();
    expect(await source.fill(exported)).toBe(false);
    await query(emptySql);
    const target = await place.open();
    expect(await target.isEmpty()).toBe(true);
    expect(await target.fill(exported)).toBe(true);
    expect(await target.everything()).toEqual(exported);
    expect((await claimAll(target, '10:00:00')).length).toBe(3);
  });
}

function tables(server: PostgresServer): void {
  test('there are none until somebody migrates, which many may do at once, and again', async () => {
    const url = await server.newDatabase();
    const database = openDatabase(url);
    await expect(openPostgresSubscriptions(url, [key])).rejects.toMatchObject({
      message: `The database ${database.place} has no tables of Candor.`,
      fix: 'Run `candor migrate` with the same DATABASE_URL.',
    });
    const done = await Promise.all([1, 2, 3].map(() => migrate(database)));
    expect(done.map(({ from }) => from).sort()).toEqual([0, 1, 1]);
    expect(await migrate(database)).toEqual({ from: 1, to: 1 });
    await (await openPostgresSubscriptions(url, [key])).close();
    await database.close();
  });

  test('those of a newer Candor are left alone', async () => {
    const url = await server.newDatabase();
    const database = openDatabase(url);
    await migrate(database);
    await database.query('INSERT INTO candor_migrations (version) VALUES (7)');
    const newer = {
      message: `The database ${database.place} has tables of version 7, from a newer Candor; this one knows up to 1. Nothing was changed.`,
      fix: 'Update Candor here.',
    };
    await expect(migrate(database)).rejects.toMatchObject(newer);
    await expect(openPostgresSubscriptions(url, [key])).rejects.toMatchObject(newer);
    await database.close();
  });
}

/** What an operator types to move from a file to a database. */
function moving(server: PostgresServer): void {
  test('subscribers move from a file to a database by the command line, and are counted and forgotten there', async () => {
    await using root = await temporaryContentRoot();
    const { store, keys } = await openSubscriptionStore({ folder: join(root.path, '.state', 'subscribers') });
    const ann = sealedWish(keys, 'Ann@example.com');
    await store.subscribe(ann);
    await store.addConfirmation(ann.id, token('ann'));
    await store.confirm('confirm-ann-1', on('09:01:00'));
    await store.subscribe(sealedWish(keys, 'bob@example.com'));
    await store.close();
    const exported = await candor(['subscribers', 'export', '--root', root.path]);
    const url = await server.newDatabase();
    const place = `${new URL(url).pathname.slice(1)} at ${new URL(url).host}`;
    const dataKey = (await readFile(join(root.path, '.state', 'subscribers', 'data-key'), 'utf8')).trim();
    const run = (args: string[], env: Record<string, string> = {}, input = '') =>
      candor([...args, '--root', root.path, '--now', '2026-11-23T09:00:00Z'], {
        env: { DATABASE_URL: url, ...env },
        input,
      });
    expect(await run(['migrate'])).toEqual({ code: 0, stdout: `Brought ${place} from version 0 to 1.\n`, stderr: '' });
    expect(await run(['subscribers', 'import'], { CANDOR_DATA_KEY: dataKey }, exported.stdout)).toEqual({
      code: 0,
      stdout: `Imported 2 subscribers and 0 mails that are owed into ${place}.\n`,
      stderr: '',
    });
    const lines = (text: string) => text.split('\n').toSorted();
    // Each store exports in an order of its own.
    expect(lines((await run(['subscribers', 'export'])).stdout)).toEqual(lines(exported.stdout));
    expect((await run(['prune', '--format', 'json'])).stdout).toContain('"subscribers":1}');
    expect((await run(['subscribers', 'counts'])).stdout).toBe(
      '{"generated_at":"2026-11-23T09:00:00Z","confirmed":1,"unconfirmed":0,"suspended":0,"by_component":{"payments":1}}\n',
    );
    const next = newDataKey();
    const rotated = await run(['subscribers', 'rotate'], { CANDOR_DATA_KEY: `${next},${dataKey}` });
    expect(rotated.stdout).toContain('Put 1 subscriber under the data key ');
    const moved = await openSubscriptionStore({ folder: '', databaseUrl: url, dataKey: next });
    const found = await moved.store.findByUnsubscribe(ann.unsubscribeKey);
    expect(found && openEmail(moved.keys, found)).toBe('Ann@example.com');
    await moved.store.close();
  });
}

function unusable(server: PostgresServer, url: string, emptied: () => Promise<Place>): void {
  const at = (change: (address: URL) => void) => {
    const address = new URL(url);
    change(address);
    return address.href;
  };
  test.each([
    [
      'another password',
      at((one) => (one.password = 'secret')),
      'refuses the user or the password',
      'Check DATABASE_URL.',
    ],
    ['another database', at((one) => (one.pathname = '/none')), 'does not exist', 'Create it, or check DATABASE_URL.'],
    ['another port', at((one) => (one.port = '1')), 'does not answer', 'Check that it runs, and DATABASE_URL.'],
  ])('%s: a failure that says what, and no password', async (_what, wrong, reason, fix) => {
    const { host, pathname } = new URL(wrong);
    const refused: unknown = await openPostgresSubscriptions(wrong, [key]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused).toMatchObject({ message: `The database ${pathname.slice(1)} at ${host} ${reason}.`, fix });
  });

  test('what is no address is refused without quoting it', async () => {
    await expect(openPostgresSubscriptions('postgres//user:secret', [key])).rejects.toMatchObject({
      message: 'DATABASE_URL is no address of a database.',
      fix: 'Write it as postgres://USER:PASSWORD@HOST:5432/DATABASE.',
      cause: 'TypeError',
    });
  });

  test('one that goes away refuses everything, loses nothing, and is used again once it is back', async () => {
    await using place = await emptied();
    const store = await owedTo(place, ['ann']);
    const [mail] = await claimAll(store, '09:32:00');
    await server.stop();
    const asked = {
      subscribe: store.subscribe(wish('bob')),
      confirm: store.confirm('confirm-ann-1', on('09:32:00')),
      find: store.findByUnsubscribe('leave-ann-1'),
      leave: store.unsubscribe('leave-ann-1'),
      owe: store.owe(look('09:33:00'), on('09:33:00')),
      claim: claimAll(store, '09:33:00'),
      settle: store.settle({ claim: mail?.claim ?? '', kind: 'accepted' }, on('09:33:00')),
      check: store.check(),
      counts: store.counts([]),
    };
    const answers = await Promise.allSettled(Object.values(asked));
    for (const [at, name] of Object.keys(asked).entries()) {
      const message = expect.stringContaining(`The database ${store.place} `);
      expect([name, answers[at]]).toEqual([name, { status: 'rejected', reason: expect.objectContaining({ message }) }]);
      expect(answers[at]).toHaveProperty('reason', expect.any(Failure));
    }
    await server.start();
    await expect
      .poll(
        () =>
          store.check().then(
            () => 'well',
            () => 'broken',
          ),
        { timeout: 20_000 },
      )
      .toBe('well');
    expect(await store.subscribe(wish('bob'))).toBe('owed');
    await store.settle({ claim: mail?.claim ?? '', kind: 'accepted' }, on('09:34:00'));
    expect(await store.counts([])).toMatchObject({ confirmed: 1, unconfirmed: 1 });
    expect((await claimAll(store, '09:35:00')).map(({ subscriber }) => subscriber.emailKey)).toEqual(['email-bob']);
  });
}

/** A process of its own with the store, as `store`. */
function processWith(url: string, program: string): ChildProcess {
  const module = new URL('./postgres-subscriptions.ts', import.meta.url).href;
  const whole = `
    import { openPostgresSubscriptions } from ${JSON.stringify(module)};
    const store = await openPostgresSubscriptions(${JSON.stringify(url)}, [${JSON.stringify(key)}]);
    ${program}`;
  return spawn(process.execPath, ['--input-type=module', '-e', whole], { stdio: ['ignore', 'pipe', 'inherit'] });
}
