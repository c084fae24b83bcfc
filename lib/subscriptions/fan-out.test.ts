import type { ParsedMail } from 'mailparser';
import { expect, test } from 'vitest';
import { smtpTransport } from '../adapters/mail/smtp.ts';
import type { Snapshot } from '../schema/snapshot.ts';
import { type MailServer, type MailServerManners, parseMail, startMailServer } from '../testing/mail-server.ts';
import { addresses, snapshotWith, subscribe, subscribers, testKeys } from '../testing/mailing-list.ts';
import { memorySubscriptions } from '../testing/memory-subscriptions.ts';
import { on } from '../testing/subscription-builders.ts';
import { type FanOut, type Round, sendWhatIsDue } from './fan-out.ts';
import { factsOf, lookAt } from './look.ts';
import type { MailTransport } from './mail-transport.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import { tokenKey } from './tokens.ts';

const investigating = ['investigating', '2026-11-20T09:30:00Z', 'We are looking into it.'] as const;
const identified = ['identified', '2026-11-20T09:40:00Z', 'We know what it is.'] as const;
const monitoring = ['monitoring', '2026-11-20T09:50:00Z', 'It works again, slowly.'] as const;

/** A list, its store, and a mail server. */
class Desk implements AsyncDisposable {
  readonly store: SubscriptionStore;
  readonly transport: MailTransport;
  readonly server: MailServer;
  readonly unrecorded: FanOut['unrecorded'] = [];
  #at = '09:00:00';
  #snapshot: Snapshot = snapshotWith('2026-11-20T08:00:00Z', []);

  private constructor(server: MailServer, store: SubscriptionStore) {
    this.server = server;
    this.store = store;
    this.transport = smtpTransport(server.url);
  }

  static async open(manners: MailServerManners = {}, store: SubscriptionStore = memorySubscriptions()): Promise<Desk> {
    const desk = new Desk(await startMailServer(manners), store);
    await desk.publish('08:00:00');
    return desk;
  }

  /** Publish a page with these updates, and look at it. */
  async publish(at: string, ...updates: Parameters<typeof snapshotWith>[1]) {
    this.#at = at;
    this.#snapshot = snapshotWith(`2026-11-20T${at}Z`, updates);
    return this.store.owe(lookAt(this.#snapshot), on(at));
  }

  /** Time goes by. */
  at(time: string): void {
    this.#at = time;
  }

  parts(fields: Partial<FanOut> = {}): FanOut {
    return {
      store: this.store,
      transport: this.transport,
      keys: testKeys(),
      mailFrom: 'status@marigold.example',
      clock: () => on(this.#at),
      worker: 'one',
      chance: () => 0.5,
      unrecorded: this.unrecorded,
      ...fields,
    };
  }

  /** Send what is due then. */
  send(at: string, fields: Partial<FanOut> = {}, signal = new AbortController().signal): Promise<Round> {
    this.#at = at;
    return sendWhatIsDue(this.parts(fields), factsOf(this.#snapshot), signal);
  }

  /** Who got how many mails so far. */
  mailboxes(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { to } of this.server.arrived) for (const one of to) counts[one] = (counts[one] ?? 0) + 1;
    return counts;
  }

  parsed(): Promise<ParsedMail[]> {
    return Promise.all(this.server.arrived.map(({ raw }) => parseMail(raw)));
  }

  async [Symbol.asyncDispose]() {
    await this.transport.close();
    await this.server[Symbol.asyncDispose]();
    await this.store.close();
  }
}

const once = (emails: readonly string[]) => Object.fromEntries(emails.map((email) => [email, 1]));

test('each update goes to each subscriber once, and nothing is left to do', async () => {
  await using desk = await Desk.open();
  const list = addresses(120);
  await subscribers(desk.store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const { end, tally } = await desk.send('09:31:00');
  expect({ end, updates: tally.updates }).toEqual({ end: { kind: 'done' }, updates: 120 });
  expect(desk.mailboxes()).toEqual(once(list));
  expect(await desk.store.owed()).toEqual({ mails: 0 });
  await desk.publish('09:32:00', investigating);
  expect((await desk.send('09:32:00')).tally.updates).toBe(0);
});

test('updates of one incident that wait together are one mail, oldest first, in the thread of their incident', async () => {
  await using desk = await Desk.open();
  await subscribers(desk.store, ['ada@shop.example'], { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  await desk.send('09:31:00');
  await desk.publish('09:51:00', investigating, identified, monitoring);
  await desk.send('09:51:00');
  const [first, second] = await desk.parsed();
  expect([first?.subject, second?.subject]).toEqual([
    'Investigating: Card payments are failing for some merchants',
    'Monitoring: Card payments are failing for some merchants',
  ]);
  const text = second?.text ?? '';
  expect(text.indexOf('We know what it is.')).toBeGreaterThan(0);
  expect(text.indexOf('It works again')).toBeGreaterThan(text.indexOf('We know what it is.'));
  expect(text).not.toContain('We are looking into it.');
  expect(second?.references).toBe(first?.references);
  expect(second?.messageId).not.toBe(first?.messageId);
});

test('who subscribes gets a mail whose link confirms', async () => {
  await using desk = await Desk.open();
  await subscribe(desk.store, 'Ada@Shop.example', { at: on('09:00:00') });
  const { tally } = await desk.send('09:00:00');
  expect(tally).toMatchObject({ confirmations: 1, updates: 0 });
  const [mail] = await desk.parsed();
  expect(desk.server.arrived[0]?.to).toEqual(['Ada@shop.example']);
  const [, token = ''] = /\/api\/v1\/status\/confirm\/([\w-]{43})\s/.exec(mail?.text ?? '') ?? [];
  expect(mail?.html || '').toContain(`/api/v1/status/confirm/${token}"`);
  expect(await desk.store.confirm(tokenKey('confirm', token), on('09:05:00'))).toMatchObject({
    confirmedAt: on('09:05:00'),
  });
});

test('the link of a mail lets its reader leave, who then gets nothing, also of what is owed already', async () => {
  await using desk = await Desk.open();
  await subscribers(desk.store, ['ada@shop.example', 'bob@shop.example'], { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  await desk.send('09:31:00');
  const mails = await desk.parsed();
  const ada = mails.find(({ to }) => !Array.isArray(to) && to?.text === 'ada@shop.example');
  const [, token = ''] = /\/api\/v1\/status\/unsubscribe\/([\w-]{43})\s/.exec(ada?.text ?? '') ?? [];
  expect(ada?.headers.get('list')).toMatchObject({
    unsubscribe: { url: `https://status.marigold.example/api/v1/status/unsubscribe/${token}` },
  });
  await desk.publish('09:41:00', investigating, identified);
  expect(await desk.store.unsubscribe(tokenKey('unsubscribe', token))).toBe(true);
  await desk.send('09:41:00');
  expect(desk.mailboxes()).toEqual({ 'ada@shop.example': 1, 'bob@shop.example': 2 });
});

test('who leaves after a worker took the mail and before it is sent gets nothing', async () => {
  let leave = async (): Promise<'take'> => 'take';
  await using desk = await Desk.open({
    message: () => leave(),
  });
  const list = addresses(60);
  await subscribers(desk.store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const taken = await desk.store.claim({ worker: 'look', limit: 1000, now: on('09:31:00') });
  await desk.store.release(taken.map(({ claim }) => claim));
  const all = taken.map(({ subscriber }) => subscriber.unsubscribeKey);
  // While the first mail is taken, all of them leave.
  leave = async () => {
    leave = async () => 'take';
    for (const key of all) await desk.store.unsubscribe(key);
    return 'take';
  };
  const { end, tally } = await desk.send('09:31:00');
  expect(end).toEqual({ kind: 'done' });
  // What was on the wire already cannot be called back: the lanes that were under way.
  expect(tally.updates).toBeLessThanOrEqual(10);
  expect(tally.updates + tally.left).toBe(60);
  expect(desk.server.arrived).toHaveLength(tally.updates);
});

test('a refusal for now is tried again, and the others do not wait for it', async () => {
  let grey = true;
  await using desk = await Desk.open({
    recipient: (address) => (grey && address === 'ada@shop.example' ? { code: 450, text: '4.2.0 Grey' } : 'take'),
  });
  await subscribers(desk.store, ['ada@shop.example', 'bob@shop.example'], { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const { tally } = await desk.send('09:31:00');
  expect(tally).toMatchObject({ updates: 1, deferred: 1, reasons: new Map([['450 4.2.0', 1]]) });
  expect(await desk.store.owed()).toEqual({ mails: 1, nextAt: on('09:32:00') });
  expect((await desk.send('09:31:59')).tally.updates).toBe(0);
  grey = false;
  expect((await desk.send('09:32:00')).tally.updates).toBe(1);
  expect(desk.mailboxes()).toEqual(once(['ada@shop.example', 'bob@shop.example']));
});

test('after a day it is given up, and counts against nobody', async () => {
  await using desk = await Desk.open({ recipient: () => ({ code: 450, text: '4.2.0 Grey' }) });
  await subscribers(desk.store, ['ada@shop.example'], { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  expect((await desk.send('2026-11-21T09:30:59Z')).tally).toMatchObject({ deferred: 1, givenUp: 0 });
  expect((await desk.send('2026-11-21T09:31:00Z')).tally).toMatchObject({ deferred: 0, givenUp: 1 });
  expect(await desk.store.owed()).toEqual({ mails: 0 });
  expect(await desk.store.counts([])).toMatchObject({ confirmed: 1, suspended: 0 });
});

test('a mailbox that does not exist is suspended at once, another refusal at the third in a row', async () => {
  const refusals = new Map([
    ['gone@shop.example', '5.1.1 No such mailbox'],
    ['full@shop.example', '5.2.2 Full'],
    ['spam@shop.example', '5.7.1 Spam'],
  ]);
  await using desk = await Desk.open({
    recipient: (address) => {
      const text = refusals.get(address);
      return text === undefined ? 'take' : { code: 550, text };
    },
  });
  await subscribers(desk.store, [...refusals.keys(), 'ada@shop.example'], { at: on('09:00:00') });
  const suspended: number[] = [];
  for (const [at, ...updates] of [
    ['09:31:00', investigating],
    ['09:41:00', investigating, identified],
    ['09:51:00', investigating, identified, monitoring],
  ] as const) {
    await desk.publish(at, ...updates);
    await desk.send(at);
    suspended.push((await desk.store.counts([])).suspended);
  }
  expect(suspended).toEqual([1, 1, 2]);
  expect(desk.mailboxes()).toEqual({ 'ada@shop.example': 3 });
});

test.each<[string, MailServerManners, string]>([
  ['refuses the sender', { sender: () => ({ code: 550, text: '5.7.1 Not you' }) }, '550 5.7.1'],
  ['is too busy', { greeting: () => ({ code: 421, text: '4.3.2 Busy' }) }, '421 4.3.2'],
])('a server that %s ends the round, and costs no mail a try', async (_what, manners, reason) => {
  await using desk = await Desk.open(manners);
  await subscribers(desk.store, addresses(50), { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const { end, tally } = await desk.send('09:31:00');
  expect(end).toEqual({ kind: 'paused', reason });
  expect(tally).toMatchObject({ updates: 0, deferred: 0, refused: 0 });
  const left = await desk.store.claim({ worker: 'two', limit: 100, now: on('09:31:00') });
  expect(left.map(({ attempts }) => attempts)).toEqual(Array(50).fill(0));
});

test('a server that takes no mail at all is not sent all of them', async () => {
  await using desk = await Desk.open({ recipient: () => ({ code: 451, text: '4.7.0 Slow down' }) });
  await subscribers(desk.store, addresses(200), { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const { end, tally } = await desk.send('09:31:00');
  expect(end).toEqual({ kind: 'paused', reason: '451 4.7.0' });
  expect(tally.deferred).toBeGreaterThanOrEqual(20);
  expect(tally.deferred).toBeLessThanOrEqual(30);
});

test('stopped between two deliveries, it gives back what it did not try', async () => {
  const stop = new AbortController();
  let taken = 0;
  await using desk = await Desk.open({
    message: () => {
      taken += 1;
      if (taken === 30) stop.abort();
      return 'take';
    },
  });
  const list = addresses(120);
  await subscribers(desk.store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const { end, tally } = await desk.send('09:31:00', {}, stop.signal);
  expect(end).toEqual({ kind: 'stopped' });
  expect(tally.updates).toBeGreaterThanOrEqual(30);
  expect(tally.updates).toBeLessThanOrEqual(40);
  expect(desk.server.arrived).toHaveLength(tally.updates);
  expect((await desk.send('09:31:00')).tally.updates).toBe(120 - tally.updates);
  expect(desk.mailboxes()).toEqual(once(list));
});

test('when it cannot be recorded what was sent, nothing more is begun; later it is recorded before anything else', async () => {
  const store = memorySubscriptions();
  let isBroken = false;
  let settled = 0;
  const failing: SubscriptionStore = {
    ...store,
    settle: async (outcome, now) => {
      settled += 1;
      if (settled > 40) isBroken = true;
      if (isBroken) throw new Error('The disk is full.');
      await store.settle(outcome, now);
    },
  };
  await using desk = await Desk.open({}, failing);
  const list = addresses(200);
  await subscribers(store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  await expect(desk.send('09:31:00')).rejects.toThrow('The disk is full.');
  const arrived = desk.server.arrived.length;
  expect(arrived).toBeGreaterThan(40);
  expect(arrived).toBeLessThanOrEqual(40 + 10);
  expect(desk.unrecorded).toHaveLength(arrived - 40);
  await expect(desk.send('09:31:30')).rejects.toThrow('The disk is full.');
  expect(desk.server.arrived).toHaveLength(arrived);
  isBroken = false;
  settled = -1000;
  expect((await desk.send('09:32:00')).tally.updates).toBe(200 - arrived);
  expect(desk.mailboxes()).toEqual(once(list));
  expect(await store.owed()).toEqual({ mails: 0 });
});

test('a store that fails while mails are taken ends the round with its reason', async () => {
  const store = memorySubscriptions();
  const failing = { ...store, claim: async () => Promise.reject(new Error('The database is away.')) };
  await using desk = await Desk.open({}, store);
  await expect(desk.send('09:31:00', { store: failing })).rejects.toThrow('The database is away.');
});

test('two workers share the mails, and nobody gets one twice', async () => {
  await using desk = await Desk.open();
  const list = addresses(150);
  await subscribers(desk.store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const rounds = await Promise.all(['one', 'two'].map((worker) => desk.send('09:31:00', { worker, unrecorded: [] })));
  expect(rounds.map(({ tally }) => tally.updates > 0)).toEqual([true, true]);
  expect(desk.mailboxes()).toEqual(once(list));
});

test('an address that was sealed under another key is put off, and named to nobody', async () => {
  await using desk = await Desk.open();
  await subscribers(desk.store, ['ada@shop.example'], { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const others = { ...testKeys(), open: testKeysOfOthers() };
  const { tally } = await desk.send('09:31:00', { keys: others });
  expect(tally).toMatchObject({ updates: 0, unreadable: 1 });
  expect((await desk.send('09:32:00')).tally.updates).toBe(1);
});

function testKeysOfOthers(): FanOut['keys']['open'] {
  return (purpose, row, sealed) => testKeys().open(purpose, `${row} of others`, sealed);
}

test('who leaves while the mail waits behind others at a slow server gets nothing', async () => {
  const { promise: going, resolve: goOn } = Promise.withResolvers<void>();
  const begun: string[] = [];
  await using desk = await Desk.open({
    message: async ({ to }): Promise<'take'> => {
      begun.push(...to);
      await going;
      return 'take';
    },
  });
  const list = addresses(12);
  await subscribers(desk.store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const taken = await desk.store.claim({ worker: 'look', limit: 1000, now: on('09:31:00') });
  await desk.store.release(taken.map(({ claim }) => claim));
  const { atOnce } = desk.transport;
  const round = desk.send('09:31:00');
  await expect.poll(() => begun.length, { timeout: 30_000 }).toBe(atOnce);
  for (const { subscriber } of taken) await desk.store.unsubscribe(subscriber.unsubscribeKey);
  desk.at('09:31:10');
  goOn();
  expect((await round).tally).toMatchObject({ updates: atOnce, left: list.length - atOnce });
  expect(begun).toHaveLength(atOnce);
});

test('a slow server is waited for by nobody but its own mail', async () => {
  await using desk = await Desk.open({
    recipient: (address) => (address === 'reader-0000@shop.example' ? 'stall' : 'take'),
  });
  const list = addresses(100);
  await subscribers(desk.store, list, { at: on('09:00:00') });
  await desk.publish('09:31:00', investigating);
  const round = desk.send('09:31:00');
  // Taken by the server is not enough: its answers must have come back.
  await expect.poll(async () => (await desk.store.owed()).mails, { timeout: 30_000 }).toBe(1);
  await desk.transport.close();
  expect((await round).tally).toMatchObject({ updates: 99, deferred: 1 });
});
