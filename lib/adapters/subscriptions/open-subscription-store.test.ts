import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDataKey, readDataKeys } from '../../subscriptions/data-keys.ts';
import { openEmail, openUnsubscribe } from '../../subscriptions/subscriber-secrets.ts';
import { tokenKey } from '../../subscriptions/tokens.ts';
import { temporaryFolder } from '../../testing/content-root.ts';
import { sealedWish, wish } from '../../testing/subscription-builders.ts';
import { Failure } from '../failure.ts';
import { manySubscribers } from './file-subscriptions.ts';
import { openSubscriptionStore, type SubscriptionPlace } from './open-subscription-store.ts';
import { rotateDataKey } from './rotate-data-key.ts';

/** A folder in which one address has subscribed. */
async function withAnn(dataKey?: string) {
  const root = await temporaryFolder();
  const place: SubscriptionPlace = { folder: join(root.path, 'subscribers'), dataKey };
  const { store, keys } = await openSubscriptionStore(place);
  const ann = sealedWish(keys, 'Ann@example.com');
  await store.subscribe(ann);
  await store.close();
  const keyFile = join(place.folder, 'data-key');
  return { place, ann, keyFile, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

/** What the store of the place says of who has this token. */
async function read(place: SubscriptionPlace, unsubscribeKey: string) {
  const { store, keys } = await openSubscriptionStore(place);
  try {
    const found = await store.findByUnsubscribe(unsubscribeKey);
    if (found === undefined) return undefined;
    return { email: openEmail(keys, found), key: tokenKey('unsubscribe', openUnsubscribe(keys, found)) };
  } finally {
    await store.close();
  }
}

test('on one machine a key is made and kept beside the file, for nobody but its user', async () => {
  await using ann = await withAnn();
  expect(readDataKeys((await readFile(ann.keyFile, 'utf8')).trim()).kind).toBe('keys');
  expect((await stat(ann.keyFile)).mode & 0o777).toBe(0o600);
  expect(await read(ann.place, ann.ann.unsubscribeKey)).toEqual({
    email: 'Ann@example.com',
    key: ann.ann.unsubscribeKey,
  });
  const text = await readFile(join(ann.place.folder, 'subscribers.json'), 'utf8');
  expect(text).not.toMatch(/ann@|example\.com/i);
  expect((await stat(join(ann.place.folder, 'subscribers.json'))).mode & 0o777).toBe(0o600);
});

test('where the environment has a key none is made', async () => {
  await using ann = await withAnn(newDataKey());
  await expect(stat(ann.keyFile)).rejects.toThrow('ENOENT');
  expect((await read(ann.place, ann.ann.unsubscribeKey))?.email).toBe('Ann@example.com');
});

test('a key that is gone is not replaced by another one', async () => {
  await using ann = await withAnn();
  await rm(ann.keyFile);
  const refused: unknown = await openSubscriptionStore(ann.place).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Failure);
  expect(refused).toMatchObject({
    message: `There are subscribers in ${ann.place.folder}, but the key to their addresses is gone.`,
    fix: `Bring ${ann.keyFile} back, or set CANDOR_DATA_KEY to it.`,
  });
});

test('another key does not open the store, and what is no key is not quoted', async () => {
  await using ann = await withAnn();
  await expect(openSubscriptionStore({ ...ann.place, dataKey: newDataKey() })).rejects.toThrow(
    'are encrypted under the data key',
  );
  await writeFile(ann.keyFile, 'not-a-key');
  await expect(openSubscriptionStore(ann.place)).rejects.toMatchObject({
    message: 'The data key must be 32 random bytes in base64: openssl rand -base64 32.',
    fix: 'Set CANDOR_DATA_KEY, or repair the file data-key beside the subscribers.',
  });
});

test('a database needs a key that every machine has', async () => {
  await using ann = await withAnn();
  const place = { ...ann.place, databaseUrl: 'postgres://candor@127.0.0.1:1/candor' };
  await expect(openSubscriptionStore(place)).rejects.toMatchObject({
    message:
      'DATABASE_URL is set, and CANDOR_DATA_KEY is not: the key to the addresses must not lie on one machine alone.',
    fix: `Set CANDOR_DATA_KEY to what \`openssl rand -base64 32\` prints, the same on every machine, and keep a copy. Subscribers who come from a file need the key in ${ann.keyFile}.`,
  });
});

test('whoever opens a store is told when others may read its key, and when it has outgrown the file', async () => {
  await using ann = await withAnn();
  const opened = await openSubscriptionStore(ann.place);
  expect(opened.notices).toEqual([]);
  const { id, emailKey, unsubscribeKey, ...same } = wish('many');
  const many = Array.from({ length: manySubscribers - 1 }, (_, number) => {
    return opened.store.subscribe({ ...same, id: `i${number}`, emailKey: `e${number}`, unsubscribeKey: `l${number}` });
  });
  await Promise.all(many);
  await opened.store.close();
  await chmod(ann.keyFile, 0o644);
  const again = await openSubscriptionStore(ann.place);
  expect(again.notices).toEqual([
    '20,000 subscribers are more than a file serves well: every change writes all of it. Move to PostgreSQL: docs/subscribers.md says how.',
    `${ann.keyFile} can be read by other users of this machine. Run: chmod 600 ${ann.keyFile}`,
  ]);
  await again.store.close();
});

test('the key of a file is replaced: everything opens under the new one, and not under the earlier one', async () => {
  await using ann = await withAnn();
  const earlier = (await readFile(ann.keyFile, 'utf8')).trim();
  const rotation = await rotateDataKey(ann.place);
  const now = (await readFile(ann.keyFile, 'utf8')).trim();
  expect(rotation).toEqual({
    subscribers: 1,
    key: expect.stringMatching(/^[0-9a-f]{12}$/),
    kept: { file: ann.keyFile },
  });
  expect(now).not.toContain(earlier);
  expect((await stat(ann.keyFile)).mode & 0o777).toBe(0o600);
  expect(await read(ann.place, ann.ann.unsubscribeKey)).toEqual({
    email: 'Ann@example.com',
    key: ann.ann.unsubscribeKey,
  });
  await expect(openSubscriptionStore({ ...ann.place, dataKey: earlier })).rejects.toThrow('are encrypted under');
});

test('a rotation that was cut off is told of, and ended by the next one', async () => {
  await using ann = await withAnn();
  const earlier = (await readFile(ann.keyFile, 'utf8')).trim();
  const next = newDataKey();
  await writeFile(ann.keyFile, `${next},${earlier}\n`);
  await expect(openSubscriptionStore(ann.place)).rejects.toThrow('are encrypted under the data key');
  await rotateDataKey(ann.place);
  expect((await readFile(ann.keyFile, 'utf8')).trim()).toBe(next);
  await writeFile(ann.keyFile, `${next},${earlier}\n`);
  await rotateDataKey(ann.place);
  expect((await read(ann.place, ann.ann.unsubscribeKey))?.email).toBe('Ann@example.com');
});

test('the key of the environment is replaced by the first of two', async () => {
  const [earlier, next] = [newDataKey(), newDataKey()];
  await using ann = await withAnn(earlier);
  await expect(rotateDataKey(ann.place)).rejects.toMatchObject({
    message: 'CANDOR_DATA_KEY holds one key, so there is no other one to change to.',
    fix: 'Make one with `openssl rand -base64 32`, and set CANDOR_DATA_KEY to NEW,EARLIER.',
  });
  const both = { ...ann.place, dataKey: `${next},${earlier}` };
  expect(await rotateDataKey(both)).toMatchObject({ subscribers: 1, kept: 'environment' });
  const moved = { ...ann.place, dataKey: next };
  expect((await read(moved, ann.ann.unsubscribeKey))?.email).toBe('Ann@example.com');
  const { store, keys } = await openSubscriptionStore(moved);
  expect(await store.subscribe({ ...sealedWish(keys, 'ANN@example.com'), at: ann.ann.at })).toBe('owed');
  expect(await store.counts([])).toMatchObject({ unconfirmed: 1 });
  await store.close();
});

test('a store of which one row cannot be opened stays under its key', async () => {
  const [earlier, next] = [newDataKey(), newDataKey()];
  await using ann = await withAnn(earlier);
  const opened = await openSubscriptionStore(ann.place);
  await opened.store.subscribe(wish('broken'));
  await opened.store.close();
  await expect(rotateDataKey({ ...ann.place, dataKey: `${next},${earlier}` })).rejects.toMatchObject({
    message:
      'A subscriber cannot be opened, so nothing was changed. It was sealed under a key that is not among those in CANDOR_DATA_KEY.',
    fix: 'Set CANDOR_DATA_KEY to the new key and the one that was in use before.',
  });
  expect((await read(ann.place, ann.ann.unsubscribeKey))?.email).toBe('Ann@example.com');
});
