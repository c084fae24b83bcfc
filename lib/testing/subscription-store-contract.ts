import { describe, expect, test } from 'vitest';
import type { ClaimedMail, SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { announcement, look, on, subscribed, token, wish } from './subscription-builders.ts';
import { deliveringContract } from './subscription-store-contract-delivering.ts';
import { lastingContract } from './subscription-store-contract-lasting.ts';
import { owingContract } from './subscription-store-contract-owing.ts';

/** A place that holds a store, empty at first; what was closed can be opened again. */
export interface SubscriptionPlace extends AsyncDisposable {
  readonly open: () => Promise<SubscriptionStore>;
}

export type MakeSubscriptionPlace = () => Promise<SubscriptionPlace>;

/** What every store of subscribers must do, whatever it is made of. */
export function subscriptionStoreContract(kind: string, makePlace: MakeSubscriptionPlace): void {
  describe(`${kind}: subscribing`, () => subscribing(makePlace));
  describe(`${kind}: confirming`, () => confirming(makePlace));
  describe(`${kind}: leaving and choosing`, () => leaving(makePlace));
  describe(`${kind}: what is owed`, () => owingContract(makePlace));
  describe(`${kind}: delivering`, () => deliveringContract(makePlace));
  describe(`${kind}: counting, forgetting and lasting`, () => lastingContract(makePlace));
}

/** All mails that are due then. */
export function claimAll(store: SubscriptionStore, at: string, worker = 'one'): Promise<readonly ClaimedMail[]> {
  return store.claim({ worker, limit: 1000, now: on(at) });
}

/** The mails that are due then, as accepted; whom they went to. */
export async function deliverAll(store: SubscriptionStore, at: string): Promise<string[]> {
  const mails = await claimAll(store, at);
  await Promise.all(mails.map(({ claim }) => store.settle({ claim, kind: 'accepted' }, on(at))));
  return mails.map(({ subscriber }) => subscriber.emailKey).sort();
}

const { at: _at, ...annWished } = wish('ann');
const ann = { ...annWished, createdAt: on('09:00:00'), refusals: 0 };

function subscribing(makePlace: MakeSubscriptionPlace): void {
  test('a new address is owed a confirmation, with all that the mail needs', async () => {
    await using place = await makePlace();
    const store = await place.open();
    expect(await store.subscribe(wish('ann'))).toBe('owed');
    expect(await store.owed()).toEqual({ mails: 1, nextAt: on('09:00:00') });
    expect(await claimAll(store, '09:00:00')).toEqual([
      {
        claim: expect.any(String),
        subscriber: ann,
        owedAt: on('09:00:00'),
        attempts: 0,
        content: { kind: 'confirmation' },
      },
    ]);
  });

  test('a choice is kept as it was made', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann', { components: ['payments', 'orders'] }));
    expect((await store.findByUnsubscribe('leave-ann-1'))?.components).toEqual(['payments', 'orders']);
  });

  test('a second wish before the mail was sent owes no second mail; its choice, spelling and token count', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    const again = { ...wish('ann', { components: ['payments'], at: '09:01:00', nth: 2 }), language: 'es' };
    expect(await store.subscribe(again)).toBe('owed');
    const { at, id, ...fields } = again;
    const newest = { ...ann, ...fields };
    expect(await store.findByUnsubscribe('leave-ann-2')).toEqual(newest);
    expect(await store.findByUnsubscribe('leave-ann-1')).toBeUndefined();
    const mails = await claimAll(store, '09:01:00');
    expect(mails.map(({ subscriber, owedAt }) => [subscriber, owedAt])).toEqual([[newest, on('09:00:00')]]);
  });

  test('three confirmation mails in a day go to one address, and the choice of the fourth wish still counts', async () => {
    await using place = await makePlace();
    const store = await place.open();
    const wishAt = async (at: string, nth: number) => {
      const outcome = await store.subscribe(wish('ann', { at, nth, components: [`choice-${nth}`] }));
      return [outcome, ...(await deliverAll(store, at))];
    };
    expect(await wishAt('09:00:00', 1)).toEqual(['owed', 'email-ann']);
    expect(await wishAt('10:00:00', 2)).toEqual(['owed', 'email-ann']);
    expect(await wishAt('11:00:00', 3)).toEqual(['owed', 'email-ann']);
    expect(await wishAt('12:00:00', 4)).toEqual(['enough']);
    expect((await store.findByUnsubscribe('leave-ann-4'))?.components).toEqual(['choice-4']);
    expect(await wishAt('2026-11-21T08:59:59Z', 5)).toEqual(['enough']);
    expect(await wishAt('2026-11-21T09:00:00Z', 6)).toEqual(['owed', 'email-ann']);
    expect(await wishAt('2026-11-21T09:59:59Z', 7)).toEqual(['enough']);
  });

  test('a confirmed address subscribes again: nothing changes', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await subscribed(store, 'ann');
    const before = await store.findByUnsubscribe('leave-ann-1');
    expect(before).toEqual({ ...ann, confirmedAt: on('09:00:00') });
    expect(await store.subscribe(wish('ann', { components: ['payments'], at: '10:00:00', nth: 2 }))).toBe('confirmed');
    expect(await store.findByUnsubscribe('leave-ann-1')).toEqual(before);
    expect(await store.findByUnsubscribe('leave-ann-2')).toBeUndefined();
    expect(await store.owed()).toEqual({ mails: 0 });
  });

  test('many wishes for one address at the same time make one subscriber, who is owed one mail', async () => {
    await using place = await makePlace();
    const store = await place.open();
    const wishes = Array.from({ length: 24 }, (_, nth) => wish('ann', { nth }));
    const outcomes = await Promise.all(wishes.map((one) => store.subscribe(one)));
    expect(outcomes).toEqual(wishes.map(() => 'owed'));
    expect(await store.counts([])).toEqual({ confirmed: 0, unconfirmed: 1, suspended: 0, byComponent: {} });
    expect((await store.owed()).mails).toBe(1);
  });

  test('wishes for many addresses at the same time are all kept', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await Promise.all(Array.from({ length: 60 }, (_, number) => store.subscribe(wish(`person-${number}`))));
    expect((await store.counts([])).unconfirmed).toBe(60);
    expect((await claimAll(store, '09:00:00')).length).toBe(60);
  });

  test('names that mean something to programs are names like others', async () => {
    await using place = await makePlace();
    const store = await place.open();
    for (const name of ['__proto__', 'constructor', "'; drop table x; --"]) {
      expect(await store.findByUnsubscribe(name)).toBeUndefined();
      expect(await store.subscribe({ ...wish('ann'), id: name, emailKey: name, unsubscribeKey: name })).toBe('owed');
      expect((await store.findByUnsubscribe(name))?.id).toBe(name);
    }
    expect((await store.counts([])).unconfirmed).toBe(3);
  });
}

function confirming(makePlace: MakeSubscriptionPlace): void {
  test('a token confirms once; looking at it changes nothing', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    expect(await store.addConfirmation('id-ann-1', token('ann'))).toBe(true);
    const looked = [];
    for (const _ of [1, 2]) looked.push(await store.findByConfirmation('confirm-ann-1', on('10:00:00')));
    expect(looked).toEqual([ann, ann]);
    expect(await store.confirm('confirm-ann-1', on('10:00:00'))).toEqual({ ...ann, confirmedAt: on('10:00:00') });
    expect(await store.findByConfirmation('confirm-ann-1', on('10:00:00'))).toBeUndefined();
    expect(await store.confirm('confirm-ann-1', on('10:00:00'))).toBeUndefined();
  });

  test('a token that was pressed twice at the same time confirms once', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.addConfirmation('id-ann-1', token('ann'));
    const confirmed = await Promise.all(
      Array.from({ length: 6 }, () => store.confirm('confirm-ann-1', on('10:00:00'))),
    );
    expect(confirmed.filter((one) => one !== undefined)).toHaveLength(1);
  });

  test('a token is good until it expires', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.addConfirmation('id-ann-1', token('ann'));
    const [last, late] = [on('2026-11-21T08:59:59.999Z'), on('2026-11-21T09:00:00Z')];
    expect(await store.findByConfirmation('confirm-ann-1', late)).toBeUndefined();
    expect(await store.confirm('confirm-ann-1', late)).toBeUndefined();
    expect(await store.findByConfirmation('confirm-ann-1', last)).toEqual(ann);
    expect(await store.confirm('confirm-ann-1', last)).toEqual({ ...ann, confirmedAt: last });
  });

  test('earlier tokens go on until one is used, which removes all, and the mail that is owed still', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.addConfirmation('id-ann-1', token('ann', '09:00:00', 1));
    await store.addConfirmation('id-ann-1', token('ann', '10:00:00', 2));
    expect(await store.findByConfirmation('confirm-ann-1', on('11:00:00'))).toEqual(ann);
    expect(await store.findByConfirmation('confirm-ann-2', on('11:00:00'))).toEqual(ann);
    await store.confirm('confirm-ann-1', on('11:00:00'));
    expect(await store.confirm('confirm-ann-2', on('11:00:00'))).toBeUndefined();
    expect(await store.owed()).toEqual({ mails: 0 });
  });

  test('what never was a token finds nobody', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.addConfirmation('id-ann-1', token('ann'));
    for (const key of ['', 'leave-ann-1', 'CONFIRM-ANN-1', 'confirm-ann-1 ']) {
      expect(await store.confirm(key, on('10:00:00'))).toBeUndefined();
    }
    expect(await store.findByUnsubscribe('confirm-ann-1')).toBeUndefined();
  });

  test('nobody needs a token who is confirmed or gone', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await subscribed(store, 'ann');
    expect(await store.addConfirmation('id-ann-1', token('ann', '10:00:00', 2))).toBe(false);
    expect(await store.addConfirmation('id-bob-1', token('bob'))).toBe(false);
    expect(await store.confirm('confirm-ann-2', on('11:00:00'))).toBeUndefined();
    expect(await store.confirm('confirm-bob-1', on('11:00:00'))).toBeUndefined();
  });
}

function leaving(makePlace: MakeSubscriptionPlace): void {
  test('who leaves is forgotten, with all that was owed, and may come back', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.owe(look('09:00:00'), on('09:00:00'));
    await subscribed(store, 'ann');
    await store.owe(look('10:00:00', [announcement('payments')]), on('10:00:00'));
    expect(await store.unsubscribe('leave-ann-1')).toBe(true);
    expect(await store.unsubscribe('leave-ann-1')).toBe(false);
    expect(await store.findByUnsubscribe('leave-ann-1')).toBeUndefined();
    expect(await store.owed()).toEqual({ mails: 0 });
    expect(await store.subscribe(wish('ann', { nth: 2, at: '11:00:00' }))).toBe('owed');
    expect((await store.findByUnsubscribe('leave-ann-2'))?.id).toBe('id-ann-2');
  });

  test('a token of somebody who left confirms nobody', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.addConfirmation('id-ann-1', token('ann'));
    await store.unsubscribe('leave-ann-1');
    expect(await store.confirm('confirm-ann-1', on('10:00:00'))).toBeUndefined();
  });

  test('a choice is changed behind the token, and nothing else', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await subscribed(store, 'ann');
    expect(await store.choose('leave-ann-1', ['payments'])).toBe(true);
    const chosen = { ...ann, confirmedAt: on('09:00:00'), components: ['payments'] };
    expect(await store.findByUnsubscribe('leave-ann-1')).toEqual(chosen);
    expect(await store.choose('leave-ann-1', 'all')).toBe(true);
    expect((await store.findByUnsubscribe('leave-ann-1'))?.components).toBe('all');
    expect(await store.choose('leave-bob-1', 'all')).toBe(false);
  });
}
