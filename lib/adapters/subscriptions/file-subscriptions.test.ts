import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/content-root.ts';
import { announcement, look, on, subscribed, token, wish } from '../../testing/subscription-builders.ts';
import { expectSameHistories } from '../../testing/subscription-histories.ts';
import { type SubscriptionPlace, subscriptionStoreContract } from '../../testing/subscription-store-contract.ts';
import { Failure } from '../failure.ts';
import { lookIntoFile, openFileSubscriptions, StoreInUse } from './file-subscriptions.ts';

const key = 'key-of-tests';

async function filePlace(): Promise<SubscriptionPlace> {
  const root = await temporaryFolder();
  const opened: { close: () => Promise<void> }[] = [];
  return {
    open: async () => {
      const store = await openFileSubscriptions(join(root.path, 'subscribers'), [key]);
      opened.push(store);
      return store;
    },
    [Symbol.asyncDispose]: async () => {
      for (const store of opened) await store.close();
      await root[Symbol.asyncDispose]();
    },
  };
}

subscriptionStoreContract('a file', filePlace);

test('a law: a file answers as memory does, whatever happens, and whenever it is closed and opened', () =>
  expectSameHistories(filePlace, 25));

test('the file is one line a record, for nobody but its user, and nothing else is left beside it', async () => {
  await using root = await temporaryFolder();
  await using store = await openedIn(root.path);
  await subscribed(store, 'ann', { components: ['payments'] });
  await store.owe(look('09:00:00'), on('09:00:00'));
  await store.owe(look('09:31:00', [announcement('payments')]), on('09:31:00'));
  await store.subscribe(wish('bob', { at: '09:32:00' }));
  await store.addConfirmation('id-bob-1', token('bob', '09:32:00'));
  const at = (time: string) => on(time).getTime();
  expect(JSON.parse(await readFile(join(root.path, 'subscribers.json'), 'utf8'))).toEqual({
    format: 1,
    key,
    page: { url: 'https://status.example.com/', generated_at: at('09:31:00') },
    seen: [{ incident: '2026-11-20-payments', at: at('09:30:00') }],
    announcements: [announcement('payments')],
    subscribers: [
      {
        id: 'id-ann-1',
        email_key: 'email-ann',
        email: 'sealed-ann-1',
        leave_key: 'leave-ann-1',
        leave: 'sealed-leave-ann-1',
        components: ['payments'],
        language: 'en',
        created_at: at('09:00:00'),
        confirmed_at: at('09:00:00'),
        asked: [at('09:00:00')],
      },
      {
        id: 'id-bob-1',
        email_key: 'email-bob',
        email: 'sealed-bob-1',
        leave_key: 'leave-bob-1',
        leave: 'sealed-leave-bob-1',
        components: 'all',
        language: 'en',
        created_at: at('09:32:00'),
        asked: [at('09:32:00')],
        tokens: [['confirm-bob-1', at('2026-11-21T09:32:00Z')]],
        confirmation: { owed_at: at('09:32:00'), due_at: at('09:32:00'), attempts: 0 },
      },
    ],
    mails: [
      {
        subscriber: 'id-ann-1',
        incident: '2026-11-20-payments',
        updates: ['2026-11-20T09:30:00Z'],
        owed_at: at('09:31:00'),
        due_at: at('09:31:00'),
        attempts: 0,
      },
    ],
  });
  expect((await readdir(root.path)).sort()).toEqual(['.gitignore', '.lock', '.lock-journal', 'subscribers.json']);
  expect((await stat(root.path)).mode & 0o777).toBe(0o700);
});

test('what a process that was killed left beside the file is gone', async () => {
  await using root = await temporaryFolder();
  await root.write('.subscribers.json.0b9a7c52-3f1e-4a53-9f0e-2f9b8a1d7c11.tmp', '{"form');
  await using store = await openedIn(root.path);
  await store.subscribe(wish('ann'));
  expect((await readdir(root.path)).sort()).toEqual(['.gitignore', '.lock', '.lock-journal', 'subscribers.json']);
});

describe('one process at a time', () => {
  const inUse = (folder: string) => ({
    message: `The subscribers in ${folder} are in use by another process, \`candor serve\` or \`candor start\` most likely.`,
    fix: 'A file serves one process at a time: end the other one first, or set DATABASE_URL, where several may work at once.',
  });

  test('a second store on the same file is refused, until the first is closed', async () => {
    await using root = await temporaryFolder();
    const first = await openFileSubscriptions(root.path, [key]);
    const second: unknown = await openFileSubscriptions(root.path, [key]).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(StoreInUse);
    expect(second).toMatchObject(inUse(root.path));
    await first.subscribe(wish('ann'));
    await first.close();
    await first.close();
    await expect(first.owed()).rejects.toThrow('was closed, and is used still');
    await using third = await openedIn(root.path);
    expect(await third.counts([])).toMatchObject({ unconfirmed: 1 });
  });

  test('so is another process, until the first one ends, however it ends; looking is free', async () => {
    await using root = await temporaryFolder();
    expect(await lookIntoFile(root.path)).toBeUndefined();
    const holder = processWith(
      root.path,
      `await store.subscribe(wish('ann')); say('held'); setInterval(() => {}, 1000);`,
    );
    expect((await holder.lines.next()).value).toBe('held');
    await expect(openFileSubscriptions(root.path, [key])).rejects.toMatchObject(inUse(root.path));
    expect(await idsIn(root.path)).toEqual(['id-ann-1']);
    holder.child.kill('SIGKILL');
    await once(holder.child, 'close');
    await using store = await openedIn(root.path);
    expect(await store.counts([])).toMatchObject({ unconfirmed: 1 });
  });
});

describe('a file that cannot be used is refused by its name and the reason, and stays as it is', () => {
  const bringBack =
    'Bring the file back from a copy. Where there is none, move it away: everybody has to subscribe anew then.';
  const whole = (changes: object) =>
    JSON.stringify({ format: 1, key, seen: [], announcements: [], subscribers: [], mails: [], ...changes });
  const ann = {
    id: 'a',
    email_key: 'e',
    email: 's',
    leave_key: 'l',
    leave: 's',
    components: 'all',
    language: 'en',
    created_at: 1,
  };
  const mail = {
    subscriber: 'a',
    incident: '2026-11-20-x',
    updates: ['2026-11-20T09:30:00Z'],
    owed_at: 1,
    due_at: 1,
    attempts: 0,
  };
  test.each([
    ['empty', '', 'is empty'],
    ['zero bytes', '\0'.repeat(4096), 'holds nothing but zero bytes'],
    ['cut off', whole({}).slice(0, -1), 'is no whole JSON'],
    ['torn by zero bytes', `${whole({}).slice(0, 40)}${'\0'.repeat(40)}`, 'is no whole JSON'],
    ['no text', new Uint8Array([0x7b, 0xff, 0xfe]), 'is not UTF-8 text'],
    ['another kind', '[]', 'is JSON of another shape at the top: Invalid input: expected object, received array'],
    ['a key too many', whole({ more: 1 }), 'is JSON of another shape at the top: Unrecognized key: "more"'],
    [
      'a wrong value',
      whole({ subscribers: [{ ...ann, created_at: 'x' }] }),
      'is JSON of another shape at subscribers.0.created_at: Invalid input: expected number, received string',
    ],
    ['two of one id', whole({ subscribers: [ann, ann] }), 'has two subscribers of one id'],
    [
      'two of one address',
      whole({ subscribers: [ann, { ...ann, id: 'b', leave_key: 'm' }] }),
      'has two subscribers of one address',
    ],
    [
      'two of one token',
      whole({ subscribers: [ann, { ...ann, id: 'b', email_key: 'f' }] }),
      'has two subscribers of one token',
    ],
    [
      'one token twice',
      whole({
        subscribers: [
          {
            ...ann,
            tokens: [
              ['t', 1],
              ['t', 2],
            ],
          },
        ],
      }),
      'has one token twice',
    ],
    ['a mail to nobody', whole({ mails: [mail] }), 'has a mail to nobody'],
    ['one mail twice', whole({ subscribers: [ann], mails: [mail, mail] }), 'has one mail twice'],
    ['a mail without words', whole({ subscribers: [ann], mails: [mail] }), 'has a mail whose words are gone'],
  ])('%s', async (_what, bytes, reason) => {
    await using root = await temporaryFolder();
    const path = join(root.path, 'subscribers.json');
    await writeFile(path, bytes);
    const refused: unknown = await openFileSubscriptions(root.path, [key]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused).toMatchObject({ message: `${path} ${reason}. It was left as it is.`, fix: bringBack });
    await expect(lookIntoFile(root.path)).rejects.toThrow(reason);
    expect(await readFile(path)).toEqual(Buffer.from(bytes));
  });

  test('a newer one', async () => {
    await using root = await temporaryFolder();
    const path = join(root.path, 'subscribers.json');
    await writeFile(path, JSON.stringify({ format: 2, anything: true }));
    await expect(openFileSubscriptions(root.path, [key])).rejects.toMatchObject({
      message: `${path} is of format 2, from a newer Candor; this one reads up to 1. It was left as it is.`,
      fix: 'Update Candor here; nothing is lost meanwhile.',
    });
  });

  test('one under another key', async () => {
    await using root = await temporaryFolder();
    const path = join(root.path, 'subscribers.json');
    await writeFile(path, whole({ key: 'other' }));
    await expect(openFileSubscriptions(root.path, [key])).rejects.toMatchObject({
      message: `The subscribers in ${path} are encrypted under the data key other, and the one in use is ${key}.`,
      fix: 'Put the earlier key back; or set CANDOR_DATA_KEY to both, the new one first and a comma between, and run `candor subscribers rotate`.',
    });
  });

  test('a folder and a pipe in its place', async () => {
    await using root = await temporaryFolder();
    await mkdir(join(root.path, 'one', 'subscribers.json'), { recursive: true });
    await mkdir(join(root.path, 'two'));
    execFileSync('bash', ['-c', 'mkfifo "$0"', join(root.path, 'two', 'subscribers.json')]);
    for (const folder of ['one', 'two']) {
      await expect(openFileSubscriptions(join(root.path, folder), [key])).rejects.toThrow('is no plain file');
    }
  });

  test('a refused file can be repaired and opened in the same process', async () => {
    await using root = await temporaryFolder();
    await writeFile(join(root.path, 'subscribers.json'), '{');
    await expect(openFileSubscriptions(root.path, [key])).rejects.toThrow('is no whole JSON');
    await writeFile(join(root.path, 'subscribers.json'), whole({ subscribers: [ann] }));
    await using store = await openedIn(root.path);
    expect(await store.counts([])).toMatchObject({ unconfirmed: 1 });
  });
});

describe('a disk that takes nothing', () => {
  test('changes are refused while the folder is away, and what lasted is there when it is back', async () => {
    await using root = await temporaryFolder();
    const [folder, away] = [join(root.path, 'subscribers'), join(root.path, 'away')];
    await using store = await openedIn(folder);
    await subscribed(store, 'ann');
    await rename(folder, away);
    const refused: unknown = await store.subscribe(wish('bob')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused).toMatchObject({
      message: `${join(folder, 'subscribers.json')} could not be written (ENOENT); what it held before is as it was.`,
    });
    await expect(store.unsubscribe('leave-ann-1')).rejects.toThrow('could not be written');
    await expect(store.check()).rejects.toThrow('could not be written');
    expect(await store.counts([])).toEqual({ confirmed: 1, unconfirmed: 0, suspended: 0, byComponent: {} });
    await rename(away, folder);
    await store.check();
    expect(await store.subscribe(wish('bob'))).toBe('owed');
    expect(await idsIn(folder)).toEqual(['id-ann-1', 'id-bob-1']);
  });

  const prlimit = spawnSync('bash', ['-c', 'prlimit --version']).status === 0;
  test.skipIf(!prlimit)(
    'a full disk refuses who comes, keeps who came, and takes them again when there is room',
    async () => {
      await using root = await temporaryFolder();
      const process = processWith(
        root.path,
        `
      import { execFileSync } from 'node:child_process';
      for (let number = 0; ; number++) {
        const outcome = await store.subscribe(wish('person-' + number)).catch((error) => error);
        if (outcome !== 'owed') { say(number + ' ' + outcome.message); break; }
      }
      const inMemory = await store.counts([]);
      execFileSync('bash', ['-c', 'prlimit --pid "$0" --fsize=unlimited:unlimited', String(globalThis.process.pid)]);
      await store.check();
      say(inMemory.unconfirmed + ' ' + await store.subscribe(wish('afterwards')));
      await store.close();`,
        'ulimit -S -f 32; ',
      );
      const closed = once(process.child, 'close');
      const said: string[] = [];
      for await (const line of process.lines) said.push(line);
      await closed;
      const [full = '', room = ''] = said;
      const kept = Number.parseInt(full, 10);
      expect(kept).toBeGreaterThan(20);
      expect(full).toContain('could not be written (EFBIG); what it held before is as it was.');
      expect(room).toBe(`${kept} owed`);
      expect(await idsIn(root.path)).toHaveLength(kept + 1);
    },
  );
});

test('kill -9 at any point loses nothing that was answered', async () => {
  await using root = await temporaryFolder();
  const answered = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const writer = processWith(
      root.path,
      `for (let number = 0; ; number++) {
         await Promise.all([1, 2, 3].map(async (one) => {
           const name = 'person-${round}-' + number + '-' + one;
           await store.subscribe(wish(name));
           if (one === 1) await store.addConfirmation('id-' + name + '-1', { key: 'confirm-' + name, expiresAt: new Date(1e13) });
           say(name);
         }));
       }`,
    );
    const closed = once(writer.child, 'close');
    let count = 0;
    for await (const line of writer.lines) {
      answered.add(line);
      count += 1;
      if (count === 1 + round * 5) writer.child.kill('SIGKILL');
    }
    await closed;
    await using store = await openedIn(root.path);
    const there = new Map((await store.everything()).subscribers.map((one) => [one.id, one]));
    for (const name of answered) {
      expect(there.get(`id-${name}-1`)?.tokens?.length).toBe(name.endsWith('-1') ? 1 : undefined);
    }
  }
  expect(answered.size).toBeGreaterThan(30);
});

async function idsIn(folder: string): Promise<string[]> {
  return Array.from((await lookIntoFile(folder))?.table('subscribers').keys() ?? []);
}

async function openedIn(folder: string) {
  const store = await openFileSubscriptions(folder, [key]);
  return { ...store, [Symbol.asyncDispose]: store.close };
}

/** A process of its own with the store of that folder, as `store`; it says a line with `say`. */
function processWith(
  folder: string,
  program: string,
  before = '',
): { child: ChildProcess; lines: AsyncIterableIterator<string> } {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const whole = `
    import { writeSync } from 'node:fs';
    import { openFileSubscriptions } from ${module('./file-subscriptions.ts')};
    import { wish } from ${module('../../testing/subscription-builders.ts')};
    const store = await openFileSubscriptions(${JSON.stringify(folder)}, [${JSON.stringify(key)}]);
    const say = (line) => writeSync(1, line + '\\n');
    ${program}`;
  const child = spawn('bash', ['-c', `${before}exec "$0" --input-type=module -e "$1"`, process.execPath, whole], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}
