import { expect, test } from 'vitest';
import { smtpTransport } from '../adapters/mail/smtp.ts';
import type { Snapshot } from '../schema/snapshot.ts';
import { type MailServerManners, startMailServer } from '../testing/mail-server.ts';
import { snapshotWith, subscribe, subscribers, testKeys } from '../testing/mailing-list.ts';
import { memorySubscriptions } from '../testing/memory-subscriptions.ts';
import { on } from '../testing/subscription-builders.ts';
import type { SnapshotSource } from './look.ts';
import { lookAndOwe, startMailWorker, type WorkerEvent, type WorkerParts } from './mail-worker.ts';

const investigating = ['investigating', '2026-11-20T09:30:00Z', 'We are looking into it.'] as const;

/** A page whose snapshot a test replaces, or breaks. */
function pageOf(first: Snapshot): SnapshotSource & { show: (shown: Snapshot | Error) => void } {
  let shown: Snapshot | Error = first;
  let known: unknown;
  return {
    place: 'the page of the test',
    show: (next) => {
      shown = next;
    },
    async read() {
      if (shown instanceof Error) throw shown;
      if (shown === known) return undefined;
      const snapshot = shown;
      const dealtWith = () => {
        known = snapshot;
      };
      return { snapshot, dealtWith };
    },
  };
}

/** A worker on a list, whose events are waited for one after the other. */
async function work(manners: MailServerManners = {}, fields: Partial<WorkerParts> = {}) {
  const server = await startMailServer(manners);
  const source = pageOf(snapshotWith('2026-11-20T09:00:00Z', []));
  const store = fields.store ?? memorySubscriptions();
  const events: WorkerEvent[] = [];
  let wakeUp = () => {};
  const transport = smtpTransport(server.url);
  const worker = startMailWorker({
    store,
    source,
    transport,
    keys: testKeys(),
    mailFrom: 'status@marigold.example',
    clock: () => new Date(),
    chance: () => 0.5,
    worker: 'one',
    unrecorded: [],
    lookEveryMs: 600_000,
    pollEveryMs: 600_000,
    tell: (event) => {
      events.push(event);
      wakeUp();
    },
    ...fields,
  });
  const next = async (): Promise<WorkerEvent> => {
    for (;;) {
      const event = events.shift();
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
    }
  };
  return {
    server,
    source,
    store,
    worker,
    next,
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await transport.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a worker tells what it looked at, sends when it is woken, and looks again when told to', async () => {
  const store = memorySubscriptions();
  await subscribers(store, ['bob@shop.example'], { at: on('08:00:00') });
  await using desk = await work({}, { store });
  expect(await desk.next()).toEqual({ kind: 'looked', outcome: { kind: 'first', updates: 0 } });
  await subscribe(desk.store, 'ada@shop.example', { at: on('08:00:00') });
  desk.worker.wake();
  expect(await desk.next()).toMatchObject({ kind: 'sent', round: { tally: { confirmations: 1 } } });
  desk.source.show(snapshotWith('2026-11-20T09:31:00Z', [investigating]));
  desk.worker.lookNow();
  expect(await desk.next()).toEqual({ kind: 'looked', outcome: { kind: 'owed', updates: 1, mails: 1 } });
  expect(await desk.next()).toMatchObject({ kind: 'sent', round: { tally: { updates: 1 } } });
  expect(desk.server.arrived.map(({ to }) => to[0])).toEqual(['ada@shop.example', 'bob@shop.example']);
});

test('it looks by itself after a while, also after an error', async () => {
  await using desk = await work({}, { lookEveryMs: 20, pollEveryMs: 20 });
  expect(await desk.next()).toMatchObject({ kind: 'looked' });
  desk.source.show(new Error('The page is away.'));
  expect(await desk.next()).toMatchObject({ kind: 'failed', error: new Error('The page is away.'), pauseMs: 20 });
  desk.source.show(snapshotWith('2026-11-20T09:31:00Z', [investigating]));
  for (let event = await desk.next(); event.kind !== 'looked'; ) event = await desk.next();
});

test('what could not be owed is looked at again, although the page is the same', async () => {
  const store = memorySubscriptions();
  let isAway = true;
  const failing = {
    ...store,
    owe: (...args: Parameters<typeof store.owe>) => (isAway ? Promise.reject(new Error('Away.')) : store.owe(...args)),
  };
  const source = pageOf(snapshotWith('2026-11-20T09:00:00Z', [investigating]));
  const parts = { store: failing, source, clock: () => on('09:05:00') };
  const { signal } = new AbortController();
  await expect(lookAndOwe(parts, signal)).rejects.toThrow('Away.');
  isAway = false;
  expect(await lookAndOwe(parts, signal)).toMatchObject({ outcome: { kind: 'first', updates: 1 } });
  expect(await lookAndOwe(parts, signal)).toBeUndefined();
});

test('a server that is of no use is left alone for longer each time, and then served from where it was', async () => {
  let isUseless = true;
  await using desk = await work({ sender: () => (isUseless ? { code: 550, text: '5.7.1 Not you' } : 'take') });
  expect(await desk.next()).toMatchObject({ kind: 'looked' });
  await subscribe(desk.store, 'ada@shop.example', { at: on('08:00:00') });
  desk.worker.wake();
  expect(await desk.next()).toMatchObject({
    kind: 'sent',
    pauseMs: 5000,
    round: { end: { kind: 'paused', reason: '550 5.7.1' } },
  });
  isUseless = false;
  // Waking does not shorten the pause: nothing is sent before it is over.
  desk.worker.wake();
  await desk.worker.stop();
  expect(desk.server.arrived).toEqual([]);
  expect(await desk.store.owed()).toMatchObject({ mails: 1, nextAt: expect.any(Date) });
});

test('a page of others, or one from the future, is owed to nobody and written for nobody', async () => {
  const { signal } = new AbortController();
  const store = memorySubscriptions();
  const source = pageOf(snapshotWith('2026-11-20T09:00:00Z', []));
  const parts = { store, source, clock: () => on('09:05:00') };
  await lookAndOwe(parts, signal);
  const shown = snapshotWith('2026-11-20T09:01:00Z', [investigating]);
  source.show({ ...shown, page: { ...shown.page, url: 'https://other.example/' } });
  await expect(lookAndOwe(parts, signal)).rejects.toThrow(
    'The subscribers belong to https://status.marigold.example/.',
  );
  source.show({ ...shown, generated_at: '2026-11-20T09:16:00Z' });
  await expect(lookAndOwe(parts, signal)).rejects.toThrow('from 2026-11-20T09:16:00Z, which has not come yet');
  source.show(shown);
  expect(await lookAndOwe(parts, signal)).toMatchObject({ outcome: { kind: 'owed', updates: 1 } });
  source.show({ ...shown, generated_at: '2026-11-20T09:00:30Z' });
  expect(await lookAndOwe(parts, signal)).toMatchObject({ outcome: { kind: 'older' } });
});

test('history that was brought from another system is mailed to nobody', async () => {
  const { signal } = new AbortController();
  const store = memorySubscriptions();
  const source = pageOf(snapshotWith('2026-11-20T09:00:00Z', []));
  const parts = { store, source, clock: () => on('09:40:00') };
  await lookAndOwe(parts, signal);
  await subscribers(store, ['ada@shop.example'], { at: on('09:00:00') });
  const shown = snapshotWith('2026-11-20T09:31:00Z', [investigating]);
  const imported = shown.open_incidents.map((one) => ({ ...one, imported_from: 'https://old.example/1' }));
  source.show({ ...shown, open_incidents: [], recent_incidents: imported });
  expect(await lookAndOwe(parts, signal)).toMatchObject({ outcome: { kind: 'owed', updates: 0, mails: 0 } });
});
