import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sealedIdentity } from '../../subscriptions/subscriber-secrets.ts';
import { newToken, tokenKey } from '../../subscriptions/tokens.ts';
import { temporaryFolder } from '../../testing/content-root.ts';
import { startPostgres } from '../../testing/postgres.ts';
import { type Answered, ask, type RunningEndpoint, startEndpoint } from '../../testing/running-endpoint.ts';
import { startTcpPass } from '../../testing/tcp-pass.ts';
import { openFileSubscriptions } from '../subscriptions/file-subscriptions.ts';
import { openDatabase } from '../subscriptions/postgres/database.ts';
import { migrate } from '../subscriptions/postgres/migrate.ts';
import { openPostgresSubscriptions } from '../subscriptions/postgres/postgres-subscriptions.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const asked = new Date('2026-11-20T09:00:00Z');

let visitors = 0;

/** Each time from another address, so that no limit is met. */
function subscribe(endpoint: RunningEndpoint, name: string): Promise<Answered> {
  const body = `email=${name}%40shop.example&_hp=`;
  visitors += 1;
  const headers = { ...form, 'x-forwarded-for': `10.0.${visitors >> 8}.${visitors & 255}` };
  return ask(endpoint.origin, '/api/v1/status/subscribe', { method: 'POST', headers, body });
}

/** Somebody who has confirmed; resolves to the path of the page to leave. */
async function confirmed(endpoint: RunningEndpoint, name: string): Promise<string> {
  const email = `${name}@shop.example`;
  const token = newToken();
  const identity = sealedIdentity(endpoint.keys, { typed: email, folded: email });
  await endpoint.store.subscribe({ ...identity, components: 'all', language: 'en', at: asked });
  await endpoint.store.addConfirmation(identity.id, { key: tokenKey('confirm', token), expiresAt: new Date(8e12) });
  const { text } = await ask(endpoint.origin, `/api/v1/status/confirm/${token}`, { method: 'POST', headers: form });
  const [, manage = ''] = /(\/api\/v1\/status\/manage\/[\w-]+)/.exec(text) ?? [];
  return manage.replace('manage', 'unsubscribe');
}

/** A person is told that it is not theirs to mend, and nobody learns where anything is kept, or who was concerned. */
function expectNothingTold(endpoint: RunningEndpoint, answers: readonly Answered[]): void {
  for (const { status, text, headers } of answers) {
    expect({ status, again: headers['retry-after'] }).toEqual({ status: 503, again: '60' });
    expect(text).toContain('does not work for the moment');
    expect(text).not.toMatch(/ENOENT|\/tmp|postgres|database|127\.0\.0\.1|shop\.example|Error/i);
  }
  const log = endpoint.logged.join('');
  expect(log).toContain('The store cannot be used.');
  expect(log).not.toMatch(/shop\.example|unsubscribe\/[\w-]{43}/);
}

test('a disk that takes nothing refuses who comes and keeps who came, and is used again once it does', async () => {
  await using root = await temporaryFolder();
  const [folder, away] = [join(root.path, 'subscribers'), join(root.path, 'away')];
  const store = await openFileSubscriptions(folder, ['key']);
  await using endpoint = await startEndpoint({ store });
  const leave = await confirmed(endpoint, 'ann');
  await rename(folder, away);
  const refused = [
    await subscribe(endpoint, 'bob'),
    await ask(endpoint.origin, leave, { method: 'POST', headers: form, body: 'List-Unsubscribe=One-Click' }),
  ];
  expectNothingTold(endpoint, refused);
  // What only looks needs no disk.
  expect((await ask(endpoint.origin, leave)).status).toBe(200);
  await rename(away, folder);
  expect((await subscribe(endpoint, 'bob')).status).toBe(200);
  expect(await store.counts([])).toMatchObject({ confirmed: 1, unconfirmed: 1 });
  expect((await ask(endpoint.origin, leave, { method: 'POST', headers: form })).status).toBe(200);
  expect(await store.counts([])).toMatchObject({ confirmed: 0, unconfirmed: 1 });
  await store.close();
});

const found = await startPostgres();
const missing = found.kind === 'missing' ? `: left out, ${found.reason}` : '';

describe.skipIf(found.kind === 'missing')(`a database${missing}`, () => {
  if (found.kind === 'missing') return;
  const { server } = found;
  afterAll(() => server[Symbol.asyncDispose]());

  /** One with tables, by its address. */
  async function migrated(): Promise<string> {
    const url = await server.newDatabase();
    const database = openDatabase(url);
    await migrate(database);
    await database.close();
    return url;
  }

  /** Once the endpoint takes somebody again: connections that were cut are found out one by one. */
  async function takesAgain(endpoint: RunningEndpoint): Promise<void> {
    await expect.poll(async () => (await subscribe(endpoint, 'eve')).status, { timeout: 30_000 }).toBe(200);
  }

  test('that hangs and says nothing is waited for no longer than a person would, and used again', async () => {
    const url = new URL(await migrated());
    await using pass = await startTcpPass(Number(url.port));
    url.port = String(pass.port);
    const store = await openPostgresSubscriptions(url.href, ['key'], 1000);
    await using endpoint = await startEndpoint({ store });
    const leave = await confirmed(endpoint, 'ann');
    pass.hold();
    const refused = await Promise.all([
      subscribe(endpoint, 'bob'),
      ask(endpoint.origin, leave),
      ask(endpoint.origin, leave, { method: 'POST', headers: form }),
    ]);
    expectNothingTold(endpoint, refused);
    pass.letGo();
    await takesAgain(endpoint);
    expect(await store.counts([])).toMatchObject({ confirmed: 1, unconfirmed: 1 });
    await store.close();
  });

  test('that goes away and comes back loses nobody', async () => {
    const store = await openPostgresSubscriptions(await migrated(), ['key']);
    await using endpoint = await startEndpoint({ store });
    const leave = await confirmed(endpoint, 'ann');
    await server.stop();
    const refused = [
      await subscribe(endpoint, 'bob'),
      await ask(endpoint.origin, leave),
      await ask(endpoint.origin, leave, { method: 'POST', headers: form }),
    ];
    expectNothingTold(endpoint, refused);
    await server.start();
    await takesAgain(endpoint);
    expect(await store.counts([])).toMatchObject({ confirmed: 1, unconfirmed: 1 });
    expect((await ask(endpoint.origin, leave, { method: 'POST', headers: form })).status).toBe(200);
    expect(await store.counts([])).toMatchObject({ confirmed: 0, unconfirmed: 1 });
    await store.close();
  });
});
