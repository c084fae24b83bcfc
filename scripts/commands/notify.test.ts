import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import { openSubscriptionStore } from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import { candor, type Ended, startCandor } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { parseMail, startMailServer } from '../../lib/testing/mail-server.ts';
import { addresses, snapshotWith, subscribe, subscribers, testDataKey } from '../../lib/testing/mailing-list.ts';
import { temporaryRemote } from '../../lib/testing/state-branch.ts';
import { on } from '../../lib/testing/subscription-builders.ts';

const investigating = ['investigating', '2026-11-20T09:30:00Z', 'We are looking into it.'] as const;
const identified = ['identified', '2026-11-20T09:40:00Z', 'We know what it is.'] as const;

/** A built page and a state folder; `emails` have subscribed and confirmed. */
async function desk(emails: readonly string[] = []) {
  const folder = await temporaryFolder();
  const state = join(folder.path, 'state');
  const page = join(folder.path, 'page');
  const publish = (at: string, ...updates: Parameters<typeof snapshotWith>[1]) =>
    folder.write('page/current.json', JSON.stringify(snapshotWith(`2026-11-20T${at}Z`, updates)));
  await publish('09:00:00');
  const { store } = await openSubscriptionStore({ folder: join(state, 'subscribers'), dataKey: testDataKey });
  await subscribers(store, emails, { at: on('08:00:00') });
  await store.close();
  return { ...folder, state, page, publish, args: ['--state', state, '--root', folder.path] };
}

const settings = { CANDOR_DATA_KEY: testDataKey, SMTP_URL: undefined, MAIL_FROM: undefined, DATABASE_URL: undefined };

interface Desk {
  readonly page: string;
  readonly args: readonly string[];
}

function lineOf(at: string, { page, args }: Desk, ...more: string[]): string[] {
  return ['notify', '--from', page, ...args, '--now', `2026-11-20T${at}Z`, ...more];
}

function notify(at: string, root: Desk, env = {}, ...more: string[]): Promise<Ended> {
  return candor(lineOf(at, root, ...more), { env: { ...settings, ...env } });
}

async function files(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'mail'))).sort();
}

test('without a mail server, mails are files, and it says where', async () => {
  await using root = await desk(['ada@shop.example', 'bob@shop.example']);
  const told = `SMTP_URL is not set: mails are written to ${root.state}/mail, one .eml file each.`;
  const place = `${root.page}/current.json`;
  expect(await notify('09:05:00', root)).toEqual({
    code: 0,
    stdout: `${told}\n${place}: looked at for the first time; 0 updates of it count as told.\n`,
    stderr: '',
  });
  await root.publish('09:31:00', investigating);
  expect(await notify('09:31:00', root)).toEqual({
    code: 0,
    stdout: `${told}\n${place}: 1 new update, owed in 2 mails.\nWrote 2 mails about updates to ${root.state}/mail.\n`,
    stderr: '',
  });
  const names = await files(root.state);
  expect(names).toHaveLength(2);
  expect(names.join(' ')).toMatch(/^(2026-11-20T09-31-00\.000Z-[0-9a-f]{16}\.eml ?){2}$/);
  const mails = await Promise.all(names.map(async (name) => parseMail(await readFile(join(root.state, 'mail', name)))));
  expect(mails.map(({ subject, from }) => [subject, from?.text])).toEqual(
    Array(2).fill([
      'Investigating: Card payments are failing for some merchants',
      '"Marigold Commerce" <support@marigold.example>',
    ]),
  );
  await root.publish('09:10:00', investigating);
  expect((await notify('09:33:00', root)).stdout).toContain(
    'older than what was looked at last, which was made at 2026-11-20T09:31:00.000Z; nothing is owed of it.\n',
  );
});

test('over SMTP everything that is due is sent; what came of it is told in numbers alone', async () => {
  await using server = await startMailServer({
    recipient: (address) => {
      if (address.startsWith('gone')) return { code: 550, text: `5.1.1 <${address}> unknown` };
      return address.startsWith('grey') ? { code: 450, text: `4.2.0 <${address}> later` } : 'take';
    },
  });
  await using root = await desk([...addresses(20), 'gone@shop.example', 'grey@shop.example']);
  const env = { SMTP_URL: server.url, MAIL_FROM: 'Meadow <status@marigold.example>' };
  await notify('09:05:00', root, env);
  await root.publish('09:31:00', investigating);
  const ended = await candor(lineOf('09:31:00', root), { env: { ...settings, ...env }, fresh: true });
  const nextAt = /from (\S+) on\.\n$/.exec(ended.stdout)?.[1] ?? '';
  expect(ended).toEqual({
    code: 0,
    stdout: `${root.page}/current.json: 1 new update, owed in 22 mails.
Sent 20 mails about updates over ${server.url}.
1 mail will be tried again (${[...reasonsIn(ended.stdout)].join(', ')}).
1 mail was refused for good.
1 address will get no more mail, until somebody subscribes anew.
1 mail is owed still, the next from ${nextAt} on.
`,
    stderr: '',
  });
  expect(reasonsIn(ended.stdout).toSorted()).toEqual(['450 4.2.0: 1', '550 5.1.1: 1']);
  expect(server.arrived).toHaveLength(20);
  const { from } = await parseMail(server.arrived[0]?.raw ?? Buffer.alloc(0));
  expect(from?.text).toBe('"Meadow" <status@marigold.example>');
  await root.publish('09:41:00', investigating, identified);
  expect(JSON.parse((await notify('09:41:00', root, env, '--format', 'json', '--once')).stdout)).toMatchObject({
    look: 'owed',
    new_updates: 1,
    updates: 20,
    deferred: 1,
    refused: 0,
    end: 'done',
    owed: 1,
    reasons: { '450 4.2.0': 1 },
  });
});

function reasonsIn(text: string): string[] {
  return (/again \((.*)\)\.$/m.exec(text)?.[1] ?? '').split(', ');
}

test('a mail server that is of no use is exit code 3, and what to do', async () => {
  await using server = await startMailServer({ sender: () => ({ code: 550, text: '5.7.1 Not you' }) });
  await using root = await desk();
  const { store } = await openSubscriptionStore({ folder: join(root.state, 'subscribers'), dataKey: testDataKey });
  await subscribe(store, 'ada@shop.example', { at: on('09:00:00') });
  await store.close();
  const env = { SMTP_URL: server.url, MAIL_FROM: 'status@marigold.example' };
  expect(await notify('09:05:00', root, env)).toEqual({
    code: 3,
    stdout: `${root.page}/current.json: looked at for the first time; 0 updates of it count as told.
${server.url} is of no use just now (550 5.7.1). What was not sent is owed as before. Check MAIL_FROM, and what the server says in its log.
1 mail is owed still, the next from 2026-11-20T09:00:00.000Z on.
`,
    stderr: '',
  });
});

test('what is wrong with how it is used or with the page is said, and nothing is sent', async () => {
  await using root = await desk();
  const ended = (args: string[], env = {}) =>
    candor(['notify', ...args, ...root.args], { env: { ...settings, ...env } });
  const [every, rehearsal, nowhere, sender] = await Promise.all([
    ended(['--every', '5m']),
    ended(['--watch', '--now', '2026-11-20T09:00:00Z']),
    ended([]),
    ended(['--from', root.page], { SMTP_URL: 'smtp://127.0.0.1:1' }),
  ]);
  expect(every).toMatchObject({ code: 2, stderr: expect.stringContaining('--every is for --watch.') });
  expect(rehearsal).toMatchObject({ code: 2, stderr: expect.stringContaining('--watch goes by the clock.') });
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no status.config.yml') });
  expect(sender).toMatchObject({ code: 2, stderr: expect.stringContaining('MAIL_FROM is not set') });
  expect(await notify('08:00:00', root)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('The snapshot is from 2026-11-20T09:00:00Z, which has not come yet.'),
  });
  await notify('09:05:00', root);
  const shown = snapshotWith('2026-11-20T09:10:00Z', []);
  await root.write(
    'page/current.json',
    JSON.stringify({ ...shown, page: { ...shown.page, url: 'https://other.example/' } }),
  );
  expect(await notify('09:15:00', root)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      'is another page than https://status.marigold.example/, to which the subscribers belong.',
    ),
  });
});

test('watching, it sends what is published meanwhile, and stops when it is asked to', async () => {
  await using server = await startMailServer();
  await using root = await desk(['ada@shop.example']);
  const env = { ...settings, SMTP_URL: server.url, MAIL_FROM: 'status@marigold.example' };
  const running = startCandor(['notify', '--watch', '--every', '1s', '--from', root.page, ...root.args], { env });
  await running.line(/^Watching .*current\.json; mails go over smtp:/);
  await running.line(/looked at for the first time/);
  await root.publish('09:31:00', investigating);
  await running.line(/1 new update, owed in 1 mail\./);
  await running.line(/^Sent 1 mail about updates/);
  await root.write('page/current.json', '{');
  await running.line(/is no snapshot of a page/);
  await running.line(/It is tried again in 1 s\./);
  expect(await running.stop('SIGTERM')).toBe(0);
  expect(server.arrived.map(({ to }) => to[0])).toEqual(['ada@shop.example']);
});

test('watching for a program, each thing that happens is one object on a line', async () => {
  await using server = await startMailServer();
  await using root = await desk(['ada@shop.example']);
  const env = { ...settings, SMTP_URL: server.url, MAIL_FROM: 'status@marigold.example' };
  const args = ['--format', 'json', 'notify', '--watch', '--every', '1s', '--from', root.page, ...root.args];
  const running = startCandor(args, { env });
  const told = async () => JSON.parse((await running.line(/^.+$/))[0]);
  const source = expect.stringMatching(/current\.json$/);
  expect(await told()).toEqual({ event: 'looked', source, look: 'first', new_updates: 0 });
  await root.publish('09:31:00', investigating);
  expect(await told()).toEqual({ event: 'looked', source, look: 'owed', new_updates: 1 });
  const place = expect.stringMatching(/^smtp:/);
  expect(await told()).toMatchObject({ event: 'sent', place, updates: 1, confirmations: 0, end: 'done' });
  await root.write('page/current.json', '{');
  const message = expect.stringMatching(/is no snapshot of a page/);
  expect(await told()).toEqual({ event: 'failed', message, fix: expect.any(String), pause_seconds: 1 });
  expect(await running.stop('SIGTERM')).toBe(0);
});

test('mails and subscribers are never carried to the branch of the state', async () => {
  await using remote = await temporaryRemote();
  await using root = await desk(['ada@shop.example']);
  const args = ['--root', remote.clone];
  await fileState(join(remote.clone, '.state')).write('uptime', { components: [] }, undefined);
  const { store } = await openSubscriptionStore({
    folder: join(remote.clone, '.state', 'subscribers'),
    dataKey: testDataKey,
  });
  await subscribe(store, 'ada@shop.example', { at: on('09:00:00') });
  await store.close();
  expect(await notify('09:05:00', { page: root.page, args })).toMatchObject({ code: 0 });
  expect(await files(join(remote.clone, '.state'))).toHaveLength(1);
  expect(await candor(['state', 'push', ...args])).toMatchObject({ code: 0 });
  const carried = remote.git('bare', 'ls-tree', '-r', '--name-only', 'candor-state');
  expect(carried).toContain('uptime');
  expect(carried).not.toMatch(/mail|subscribers|eml|data-key/);
});
