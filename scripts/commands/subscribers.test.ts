import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSubscriptionStore } from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import { newDataKey } from '../../lib/subscriptions/data-keys.ts';
import { openEmail } from '../../lib/subscriptions/subscriber-secrets.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { announcement, look, on, sealedWish } from '../../lib/testing/subscription-builders.ts';
import type { Context } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { pruneState } from '../cli/prune-state.ts';
import { countedSubscribers } from '../cli/subscribers/count-subscribers.ts';
import { importSubscribers } from '../cli/subscribers/import-subscribers.ts';

/** A root whose page is known, with two subscribers of whom one confirmed. */
async function populated(env: Context['env'] = {}) {
  const root = await temporaryContentRoot({ 'components/orders.yml': 'name: Orders\n' });
  const place = { folder: join(root.path, '.state', 'subscribers'), dataKey: env['CANDOR_DATA_KEY'] };
  const { store, keys } = await openSubscriptionStore(place);
  await store.owe(look('08:00:00'), on('08:00:00'));
  const ann = sealedWish(keys, 'ann@example.com', { components: ['payments'] });
  await store.subscribe(ann);
  await store.addConfirmation(ann.id, { key: 'confirm-ann', expiresAt: on('2026-11-21T09:00:00Z') });
  await store.confirm('confirm-ann', on('09:01:00'));
  await store.subscribe(sealedWish(keys, 'bob@example.com'));
  await store.owe(look('09:31:00', [announcement('payments')]), on('09:31:00'));
  await store.close();
  return { ...root, place, env, ann };
}

function contextOf(root: string, env: Context['env'] = {}, state = join(root, '.state')): Context {
  const now = () => on('2026-11-20T10:00:00Z');
  return { root, state, now, env, isRehearsal: true, format: 'text', debug: false, interactive: false };
}

const counted =
  '{"generated_at":"2026-11-20T10:00:00Z","confirmed":1,"unconfirmed":1,"suspended":0,"by_component":{"orders":0,"payments":1}}\n';

test('subscribers are counted by the components of the root, also while another process has them', async () => {
  await using root = await populated();
  expect(await countedSubscribers(contextOf(root.path))).toBe(counted);
  const { store } = await openSubscriptionStore(root.place);
  expect(await countedSubscribers(contextOf(root.path))).toBe(counted);
  await store.close();
});

test('where nobody subscribed all counts are nothing, and nothing is made', async () => {
  await using root = await temporaryContentRoot();
  expect(await countedSubscribers(contextOf(root.path))).toBe(
    '{"generated_at":"2026-11-20T10:00:00Z","confirmed":0,"unconfirmed":0,"suspended":0,"by_component":{"payments":0}}\n',
  );
  expect(await candor(['subscribers', 'export', '--root', root.path])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: Nobody ever subscribed in ${join(root.path, '.state', 'subscribers')}, so there is nothing to export.\n  Name the state that the endpoint uses by --state, or its database by DATABASE_URL.\n`,
  });
});

test('an export has everything and no address, and fills another store under the same key, once', async () => {
  const env = { CANDOR_DATA_KEY: newDataKey() };
  await using root = await populated(env);
  const exported = await candor(['subscribers', 'export', '--root', root.path], { env, fresh: true });
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  expect(exported.stdout).not.toMatch(/@|ann\W|bob\W/);
  const kinds = exported.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind);
  expect(kinds).toEqual(['head', 'seen', 'announcement', 'subscriber', 'subscriber', 'mail']);
  const other = join(root.path, 'other');
  const imported = ['subscribers', 'import', '-', '--root', root.path, '--state', other];
  expect(await candor(imported, { env, input: exported.stdout })).toEqual({
    code: 0,
    stdout: `Imported 2 subscribers and 1 mail that is owed into ${join(other, 'subscribers', 'subscribers.json')}.\n`,
    stderr: '',
  });
  const { store, keys } = await openSubscriptionStore({
    folder: join(other, 'subscribers'),
    dataKey: env.CANDOR_DATA_KEY,
  });
  const found = await store.findByUnsubscribe(root.ann.unsubscribeKey);
  expect(found && openEmail(keys, found)).toBe('ann@example.com');
  expect(await store.owed()).toMatchObject({ mails: 2 });
  await store.close();
  const file = join(root.path, 'export.jsonl');
  await writeFile(file, exported.stdout);
  await expect(importSubscribers(contextOf(root.path, env), file)).rejects.toMatchObject({
    message: `${join(root.place.folder, 'subscribers.json')} is not empty, so nothing was imported.`,
    fix: 'Import into a new store: another folder by --state, or a database of its own after `candor migrate`.',
  });
});

test('an export is refused without its key', async () => {
  const env = { CANDOR_DATA_KEY: newDataKey() };
  await using root = await populated(env);
  const { stdout } = await candor(['subscribers', 'export', '--root', root.path], { env });
  const file = join(root.path, 'export.jsonl');
  await writeFile(file, stdout);
  const { key } = JSON.parse(stdout.split('\n')[0] ?? '');
  const other = join(root.path, 'other');
  const bring = `Set CANDOR_DATA_KEY to the key of the store that was exported, or bring its file to ${join(other, 'subscribers', 'data-key')}.`;
  await expect(importSubscribers(contextOf(root.path, {}, other), file)).rejects.toMatchObject({
    message: `The export is encrypted under the data key ${key}, and there is none here. Nothing was imported.`,
    fix: bring,
  });
  const wrong = { CANDOR_DATA_KEY: newDataKey() };
  await expect(importSubscribers(contextOf(root.path, wrong, other), file)).rejects.toMatchObject({
    message: expect.stringMatching(/, and the one here is [0-9a-f]{12}\. Nothing was imported\.$/),
    fix: bring,
  });
  await expect(readFile(join(other, 'subscribers', 'subscribers.json'))).rejects.toThrow('ENOENT');
});

test('every line of an import is checked before anything is written', async () => {
  const env = { CANDOR_DATA_KEY: newDataKey() };
  await using root = await populated(env);
  const { stdout } = await candor(['subscribers', 'export', '--root', root.path], { env });
  const [head = '', seen = '', words = '', ann = '', bob = '', mail = ''] = stdout.split('\n');
  const file = join(root.path, 'export.jsonl');
  const refusalOf = async (...lines: string[]) => {
    await writeFile(file, lines.join('\n'));
    const refused: unknown = await importSubscribers(contextOf(root.path, env, join(root.path, 'other')), file).catch(
      (error: unknown) => error,
    );
    if (!(refused instanceof UsageError)) throw refused;
    expect(refused.message).toBe(`${file} is no whole export, so nothing was imported.`);
    return refused.fix;
  };
  expect(await refusalOf()).toBe('Line 1 is missing: an export begins with its head.');
  expect(await refusalOf(ann, bob)).toBe('Line 1 is no head, with which an export begins.');
  expect(await refusalOf(head, ann, head)).toBe('Line 3 is a second head.');
  expect(await refusalOf(head, 'ann@example.com', bob.replace('"all"', '[]'), bob.slice(0, -1))).toBe(
    [
      'Line 2 is no JSON.',
      'Line 3 is of another shape at components: Too small: expected array to have >=1 items.',
      'Line 4 is no JSON.',
    ].join('\n'),
  );
  expect(await refusalOf(head, seen, ann, ann)).toBe('Line 4 ends a file that has two subscribers of one id.');
  expect(await refusalOf(head, ann, mail)).toBe('Line 3 ends a file that has a mail whose words are gone.');
  expect(await refusalOf(head, words, bob, mail)).toBe('Line 4 ends a file that has a mail to nobody.');
  expect(await refusalOf(head.replace('"format":1', '"format":2'), ann)).toContain(
    'Line 1 is of another shape at format',
  );
  expect(await refusalOf(head, ...Array.from({ length: 30 }, () => '{'))).toMatch(
    /Line 21 is no JSON\.\nThere are 10 more\.$/,
  );
  await expect(readFile(join(root.path, 'other', 'subscribers', 'subscribers.json'))).rejects.toThrow('ENOENT');
});

test('a rotation says where the new key is', async () => {
  await using root = await populated();
  expect(await candor(['subscribers', 'rotate', '--root', root.path])).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(
        `^Put 2 subscribers under the data key [0-9a-f]{12}\\.\nThe new key is in ${join(root.place.folder, 'data-key')}; keep a copy\\.\n$`,
      ),
    ),
    stderr: '',
  });
});

test('a prune forgets who did not confirm, and leaves a file that somebody has to that process', async () => {
  await using root = await populated();
  const at = (time: string) => ({ ...contextOf(root.path), now: () => on(time) });
  expect(await pruneState(at('2026-11-23T08:59:59Z'), {})).toBe('Nothing is older than the policy keeps.\n');
  const { store } = await openSubscriptionStore(root.place);
  expect(await pruneState(at('2026-11-23T09:00:00Z'), {})).toBe(
    'Left the subscribers alone: the process that has them forgets by itself who did not confirm.\nNothing is older than the policy keeps.\n',
  );
  expect(await pruneState({ ...at('2026-11-23T09:00:00Z'), format: 'json' }, {})).toBe(
    '{"results":0,"hours":0,"probes":[],"future":null,"subscribers":null}\n',
  );
  await store.close();
  expect(await pruneState(at('2026-11-23T09:00:00Z'), {})).toBe(
    'Forgot 1 subscription without a confirmation, 48 hours after the last link expired.\n',
  );
  expect(await countedSubscribers(contextOf(root.path))).toContain('"confirmed":1,"unconfirmed":0');
});

test('a migration needs a database', async () => {
  await using root = await temporaryContentRoot();
  expect(await candor(['migrate', '--root', root.path], { fresh: true })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: DATABASE_URL is not set, so there is no database to migrate.\n  Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE. Without a database nothing has to be migrated.\n',
  });
});
