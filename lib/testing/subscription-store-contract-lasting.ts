import { expect, test } from 'vitest';
import type { ClaimedMail, SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { announcement, look, on, subscribed, token, wish } from './subscription-builders.ts';
import { claimAll, deliverAll, type MakeSubscriptionPlace } from './subscription-store-contract.ts';

/** What it must do with what it counts, forgets and keeps. */
export function lastingContract(makePlace: MakeSubscriptionPlace): void {
  test('subscribers are counted once, and by component for who hears of it', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await subscribed(store, 'ann');
    await subscribed(store, 'bob', { components: ['payments'] });
    await subscribed(store, 'cem', { components: ['payments', 'orders'] });
    await suspended(store, 'dan');
    await store.subscribe(wish('eve'));
    expect(await store.counts(['payments', 'orders', 'mail'])).toEqual({
      confirmed: 3,
      unconfirmed: 1,
      suspended: 1,
      byComponent: { payments: 3, orders: 2, mail: 1 },
    });
  });

  test('who did not confirm is forgotten 48 hours after the last token expired', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.addConfirmation('id-ann-1', token('ann', '10:00:00'));
    await subscribed(store, 'bob');
    expect(await store.prune(on('2026-11-23T09:59:59Z'))).toBe(0);
    expect(await store.prune(on('2026-11-23T10:00:00Z'))).toBe(1);
    expect(await store.findByUnsubscribe('leave-ann-1')).toBeUndefined();
    expect((await store.findByUnsubscribe('leave-bob-1'))?.emailKey).toBe('email-bob');
    expect(await store.owed()).toEqual({ mails: 0 });
  });

  test('who was sent no token is forgotten when one would have been, and a new wish begins the time again', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await store.subscribe(wish('ann'));
    await store.subscribe(wish('bob'));
    await deliverAll(store, '09:00:00');
    await store.subscribe(wish('bob', { at: '21:00:00', nth: 2 }));
    expect(await store.prune(on('2026-11-23T08:59:59Z'))).toBe(0);
    expect(await store.prune(on('2026-11-23T09:00:00Z'))).toBe(1);
    expect(await store.prune(on('2026-11-23T20:59:59Z'))).toBe(0);
    expect(await store.prune(on('2026-11-23T21:00:00Z'))).toBe(1);
  });

  test('a suspended address that had confirmed is not forgotten', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await suspended(store, 'ann');
    await store.subscribe(wish('ann', { at: '11:00:00', nth: 2 }));
    expect(await store.prune(on('2027-11-20T09:00:00Z'))).toBe(0);
  });

  test('what was closed is as it was when it is opened again, and what was being sent is free', async () => {
    await using place = await makePlace();
    const first = await place.open();
    await first.owe(look('09:00:00'), on('09:00:00'));
    await subscribed(first, 'ann', { components: ['payments'] });
    await first.subscribe(wish('bob', { at: '09:10:00' }));
    await first.addConfirmation('id-bob-1', token('bob', '09:10:00'));
    await first.owe(look('10:00:00', [announcement('payments')]), on('10:00:00'));
    const before = await claimAll(first, '10:00:00');
    await first.close();
    const second = await place.open();
    const free = (mails: readonly ClaimedMail[]) => mails.map(({ claim, ...mail }) => mail);
    expect(before).toHaveLength(2);
    expect(free(await claimAll(second, '10:00:00', 'two'))).toEqual(free(before));
    expect(await second.confirm('confirm-bob-1', on('10:00:00'))).toMatchObject({ id: 'id-bob-1' });
    expect(await second.owe(look('10:00:00', [announcement('payments')]), on('10:01:00'))).toEqual({
      kind: 'owed',
      updates: 0,
      mails: 0,
    });
    await second.close();
  });

  test('a store that is open can be used', async () => {
    await using place = await makePlace();
    await expect((await place.open()).check()).resolves.toBeUndefined();
  });
}

/** Somebody who confirmed and whose address was then refused for good. */
async function suspended(store: SubscriptionStore, name: string): Promise<void> {
  await subscribed(store, name);
  await store.owe(look('09:00:00'), on('09:00:00'));
  await store.owe(look('09:20:00', [announcement(`for-${name}`, { at: '09:20:00', components: [] })]), on('09:20:00'));
  for (const { claim, subscriber } of await claimAll(store, '09:20:00')) {
    const refused = subscriber.emailKey === `email-${name}`;
    await store.settle(
      refused ? { claim, kind: 'dropped', refused, suspend: true } : { claim, kind: 'accepted' },
      on('09:21:00'),
    );
  }
}
