import { expect, test } from 'vitest';
import type { ClaimedMail, SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { announcement, look, on, subscribed, token, wish } from './subscription-builders.ts';
import { claimAll, deliverAll, type MakeSubscriptionPlace } from './subscription-store-contract.ts';

const investigating = announcement('payments', { at: '09:30:00', text: 'We look into it.' });
const identified = announcement('payments', { at: '09:40:00', text: 'We know what it is.' });

/** A store with these subscribers, who are all owed the first update. */
async function owedTo(makePlace: MakeSubscriptionPlace, names: readonly string[]) {
  const place = await makePlace();
  const store = await place.open();
  await store.owe(look('08:00:00'), on('08:00:00'));
  for (const name of names) await subscribed(store, name);
  await store.owe(look('09:31:00', [investigating]), on('09:31:00'));
  return { store, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

async function onlyMail(store: SubscriptionStore, at: string): Promise<ClaimedMail> {
  const [mail, ...others] = await claimAll(store, at);
  if (mail === undefined || others.length > 0) throw new Error('One mail is due.');
  return mail;
}

function textsOf({ content }: ClaimedMail): string[] {
  return content.kind === 'updates' ? content.announcements.map(({ update }) => update.text) : [content.kind];
}

/** What it must do with mails that are sent. */
export function deliveringContract(makePlace: MakeSubscriptionPlace): void {
  test('a mail that one worker has is nobody else’s until it is released', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const mail = await onlyMail(owed.store, '09:31:00');
    expect(await claimAll(owed.store, '09:31:00', 'two')).toEqual([]);
    expect(await owed.store.owed()).toEqual({ mails: 1 });
    await owed.store.release([mail.claim]);
    expect(await owed.store.owed()).toEqual({ mails: 1, nextAt: on('09:31:00') });
    const again = await onlyMail(owed.store, '09:31:00');
    expect({ ...again, claim: '' }).toEqual({ ...mail, claim: '' });
  });

  test('workers that claim at the same time share the mails', async () => {
    const names = Array.from({ length: 12 }, (_, number) => `person-${number}`);
    await using owed = await owedTo(makePlace, names);
    const claims = await Promise.all(
      ['one', 'two', 'three', 'four'].map((worker) => owed.store.claim({ worker, limit: 4, now: on('09:31:00') })),
    );
    for (const mails of claims) expect(mails.length).toBeLessThanOrEqual(4);
    const rest = await claimAll(owed.store, '09:31:00');
    const taken = [...claims, rest].flat().map(({ subscriber }) => subscriber.id);
    expect(taken.toSorted()).toEqual(names.map((name) => `id-${name}-1`).toSorted());
  });

  test('confirmations come first', async () => {
    await using owed = await owedTo(makePlace, ['ann', 'bob']);
    await owed.store.subscribe(wish('eve', { at: '09:31:30' }));
    const [first] = await owed.store.claim({ worker: 'one', limit: 1, now: on('09:32:00') });
    expect(first?.content.kind).toBe('confirmation');
  });

  test('what is claimed is still owed, but not to who has left since', async () => {
    await using owed = await owedTo(makePlace, ['ann', 'bob']);
    await owed.store.subscribe(wish('eve', { at: '09:31:30' }));
    await owed.store.subscribe(wish('kim', { at: '09:31:30' }));
    const mails = await claimAll(owed.store, '09:32:00');
    const claimOf = (name: string) =>
      mails.find(({ subscriber }) => subscriber.emailKey === `email-${name}`)?.claim ?? '';
    const claims = ['ann', 'bob', 'eve', 'kim'].map(claimOf);
    expect(await owed.store.stillOwed([...claims, 'none'])).toEqual(new Set(claims));
    await owed.store.unsubscribe('leave-ann-1');
    await owed.store.unsubscribe('leave-eve-1');
    expect(await owed.store.stillOwed(claims)).toEqual(new Set([claimOf('bob'), claimOf('kim')]));
    await owed.store.settle({ claim: claimOf('bob'), kind: 'accepted' }, on('09:32:00'));
    expect(await owed.store.stillOwed(claims)).toEqual(new Set([claimOf('kim')]));
  });

  test('what was accepted is owed no longer', async () => {
    await using owed = await owedTo(makePlace, ['ann', 'bob']);
    expect(await deliverAll(owed.store, '09:31:00')).toEqual(['email-ann', 'email-bob']);
    expect(await owed.store.owed()).toEqual({ mails: 0 });
    expect(await claimAll(owed.store, '10:00:00')).toEqual([]);
  });

  test('what is to be tried again is due then, with one attempt more', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const { claim } = await onlyMail(owed.store, '09:31:00');
    await owed.store.settle({ claim, kind: 'retry', at: on('09:36:00') }, on('09:31:05'));
    expect(await owed.store.owed()).toEqual({ mails: 1, nextAt: on('09:36:00') });
    expect(await claimAll(owed.store, '09:35:59')).toEqual([]);
    const again = await onlyMail(owed.store, '09:36:00');
    expect([again.attempts, again.owedAt, textsOf(again)]).toEqual([1, on('09:31:00'), ['We look into it.']]);
  });

  test('an update that came while a mail was sent is the next mail', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const first = await onlyMail(owed.store, '09:31:00');
    await owed.store.owe(look('09:41:00', [investigating, identified]), on('09:41:00'));
    expect(await claimAll(owed.store, '09:41:00', 'two')).toEqual([]);
    await owed.store.settle({ claim: first.claim, kind: 'accepted' }, on('09:41:30'));
    const second = await onlyMail(owed.store, '09:41:30');
    expect([textsOf(first), textsOf(second)]).toEqual([['We look into it.'], ['We know what it is.']]);
    expect([second.attempts, second.owedAt]).toEqual([0, on('09:41:00')]);
  });

  test('an update that came while a mail was refused for now goes with it', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const { claim } = await onlyMail(owed.store, '09:31:00');
    await owed.store.owe(look('09:41:00', [investigating, identified]), on('09:41:00'));
    await owed.store.settle({ claim, kind: 'retry', at: on('09:45:00') }, on('09:41:30'));
    const again = await onlyMail(owed.store, '09:45:00');
    expect(textsOf(again)).toEqual(['We look into it.', 'We know what it is.']);
    expect([again.attempts, again.owedAt]).toEqual([1, on('09:41:00')]);
  });

  test('refusals in a row are counted, and an accepted mail ends the row', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const settled = async (at: string, refused: boolean) => {
      await owed.store.owe(look(at, [announcement(`at-${at.replaceAll(':', '')}`, { at })]), on(at));
      for (const { claim } of await claimAll(owed.store, at)) {
        const outcome = refused
          ? ({ kind: 'dropped', refused, suspend: false } as const)
          : ({ kind: 'accepted' } as const);
        await owed.store.settle({ claim, ...outcome }, on(at));
      }
      return (await owed.store.findByUnsubscribe('leave-ann-1'))?.refusals;
    };
    await deliverAll(owed.store, '09:31:00');
    expect(await settled('10:00:00', true)).toBe(1);
    expect(await settled('10:01:00', true)).toBe(2);
    expect(await settled('10:02:00', false)).toBe(0);
    expect(await settled('10:03:00', true)).toBe(1);
    expect(await owed.store.owed()).toEqual({ mails: 0 });
  });

  test('what is given up without a refusal counts against nobody', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const { claim } = await onlyMail(owed.store, '09:31:00');
    await owed.store.settle({ claim, kind: 'dropped', refused: false, suspend: false }, on('09:31:00'));
    expect(await owed.store.findByUnsubscribe('leave-ann-1')).toMatchObject({ refusals: 0 });
    expect(await owed.store.owed()).toEqual({ mails: 0 });
  });

  test('who is suspended is owed nothing, hears of nothing, and comes back by confirming anew', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    await owed.store.owe(look('09:32:00', [investigating, announcement('orders', { at: '09:32:00' })]), on('09:32:00'));
    const [mail] = await owed.store.claim({ worker: 'one', limit: 1, now: on('09:32:00') });
    await owed.store.settle(
      { claim: mail?.claim ?? '', kind: 'dropped', refused: true, suspend: true },
      on('09:33:00'),
    );
    expect(await owed.store.owed()).toEqual({ mails: 0 });
    expect(await owed.store.findByUnsubscribe('leave-ann-1')).toMatchObject({
      refusals: 1,
      suspendedAt: on('09:33:00'),
    });
    expect(await owed.store.owe(look('09:41:00', [investigating, identified]), on('09:41:00'))).toMatchObject({
      mails: 0,
    });
    expect(await owed.store.subscribe(wish('ann', { at: '10:00:00', nth: 2 }))).toBe('owed');
    expect(await owed.store.addConfirmation('id-ann-1', token('ann', '10:00:00', 2))).toBe(true);
    expect(await owed.store.counts([])).toMatchObject({ confirmed: 0, suspended: 1 });
    const { at: _at, id: _id, ...newest } = wish('ann', { nth: 2 });
    expect(await owed.store.confirm('confirm-ann-2', on('10:05:00'))).toEqual({
      ...newest,
      id: 'id-ann-1',
      createdAt: on('09:00:00'),
      confirmedAt: on('10:05:00'),
      refusals: 0,
    });
    await owed.store.owe(look('10:10:00', [announcement('orders', { at: '10:09:00' })]), on('10:10:00'));
    expect(await deliverAll(owed.store, '10:10:00')).toEqual(['email-ann']);
  });

  test('a confirmation that is refused for good suspends an address that had not confirmed', async () => {
    await using owed = await owedTo(makePlace, []);
    await owed.store.subscribe(wish('ann'));
    const { claim } = await onlyMail(owed.store, '09:31:00');
    await owed.store.settle({ claim, kind: 'dropped', refused: true, suspend: true }, on('09:31:00'));
    expect(await owed.store.counts([])).toEqual({ confirmed: 0, unconfirmed: 0, suspended: 1, byComponent: {} });
    expect(await owed.store.owed()).toEqual({ mails: 0 });
  });

  test('a confirmation is tried again as updates are', async () => {
    await using owed = await owedTo(makePlace, []);
    await owed.store.subscribe(wish('ann'));
    const first = await onlyMail(owed.store, '09:31:00');
    await owed.store.settle({ claim: first.claim, kind: 'retry', at: on('09:36:00') }, on('09:31:05'));
    expect(await claimAll(owed.store, '09:35:59')).toEqual([]);
    expect(await onlyMail(owed.store, '09:36:00')).toMatchObject({ attempts: 1, owedAt: on('09:00:00') });
  });

  test('who leaves while a mail is sent is gone, and settling it is nothing', async () => {
    await using owed = await owedTo(makePlace, ['ann', 'bob']);
    const mails = await claimAll(owed.store, '09:31:00');
    await owed.store.unsubscribe('leave-ann-1');
    await Promise.all(mails.map(({ claim }) => owed.store.settle({ claim, kind: 'accepted' }, on('09:32:00'))));
    expect(await owed.store.counts([])).toMatchObject({ confirmed: 1 });
    expect(await owed.store.owed()).toEqual({ mails: 0 });
  });

  test('who confirmed while the confirmation was sent is owed none any more', async () => {
    await using owed = await owedTo(makePlace, []);
    await owed.store.subscribe(wish('ann'));
    await owed.store.addConfirmation('id-ann-1', token('ann'));
    const { claim } = await onlyMail(owed.store, '09:31:00');
    await owed.store.confirm('confirm-ann-1', on('09:31:01'));
    await owed.store.settle({ claim, kind: 'retry', at: on('09:36:00') }, on('09:31:02'));
    expect(await owed.store.owed()).toEqual({ mails: 0 });
  });

  test('settling and releasing what is not claimed is nothing', async () => {
    await using owed = await owedTo(makePlace, ['ann']);
    const { claim } = await onlyMail(owed.store, '09:31:00');
    await owed.store.release([claim, 'no such claim']);
    await owed.store.release([]);
    await owed.store.settle({ claim: 'no such claim', kind: 'accepted' }, on('09:32:00'));
    expect((await owed.store.owed()).mails).toBe(1);
  });
}
