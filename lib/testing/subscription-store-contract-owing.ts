import { expect, test } from 'vitest';
import type { IncidentId } from '../schema/identifier.ts';
import type { ComponentChoice } from '../schema/subscription.ts';
import type { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { announcement, look, on, subscribed, wish } from './subscription-builders.ts';
import { claimAll, deliverAll, type MakeSubscriptionPlace } from './subscription-store-contract.ts';

const incident = '2026-11-20-payments' as IncidentId;
const investigating = announcement('payments', { at: '09:30:00', text: 'We look into it.' });
const identified = announcement('payments', { at: '09:40:00', text: 'We know what it is.' });
const monitoring = announcement('payments', { at: '09:50:00', text: 'We watch it.' });

/** Which mails are due then: to whom, of which incident, with which texts. */
async function due(store: SubscriptionStore, at: string): Promise<string[]> {
  const mails = await claimAll(store, at);
  await store.release(mails.map(({ claim }) => claim));
  return mails
    .map(({ subscriber, content }) => {
      if (content.kind === 'confirmation') return `${subscriber.emailKey}: confirmation`;
      const [first] = content.announcements;
      return `${subscriber.emailKey}: ${first.incident.id}: ${content.announcements.map(({ update }) => update.text).join(' ')}`;
    })
    .sort();
}

/** A store that has seen the page, with this one subscriber. */
async function withAnn(makePlace: MakeSubscriptionPlace, components: ComponentChoice = 'all') {
  const place = await makePlace();
  const store = await place.open();
  await store.owe(look('08:00:00'), on('08:00:00'));
  await subscribed(store, 'ann', { components });
  return { store, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

/** What it must do with looks at the page. */
export function owingContract(makePlace: MakeSubscriptionPlace): void {
  test('the first look mails no history', async () => {
    await using place = await makePlace();
    const store = await place.open();
    await subscribed(store, 'ann');
    expect(await store.seen([incident])).toEqual(new Map());
    const first = await store.owe(look('10:00:00', [investigating, identified]), on('10:00:01'));
    expect(first).toEqual({ kind: 'first', updates: 2 });
    expect(await store.owed()).toEqual({ mails: 0 });
    expect(await store.seen([incident])).toEqual(new Map([[incident, on('09:40:00')]]));
  });

  test('a new update is owed once', async () => {
    await using ann = await withAnn(makePlace);
    expect(await ann.store.owe(look('09:31:00', [investigating]), on('09:31:10'))).toEqual({
      kind: 'owed',
      updates: 1,
      mails: 1,
    });
    expect(await ann.store.owed()).toEqual({ mails: 1, nextAt: on('09:31:10') });
    const again = await ann.store.owe(look('09:32:00', [investigating]), on('09:32:10'));
    expect(again).toEqual({ kind: 'owed', updates: 0, mails: 0 });
    expect(await due(ann.store, '09:32:10')).toEqual([`email-ann: ${incident}: We look into it.`]);
    expect(await deliverAll(ann.store, '09:33:00')).toEqual(['email-ann']);
    await ann.store.owe(look('09:34:00', [investigating]), on('09:34:10'));
    expect(await ann.store.owed()).toEqual({ mails: 0 });
    expect(await ann.store.seen([incident, '2026-11-20-other' as IncidentId])).toEqual(
      new Map([[incident, on('09:30:00')]]),
    );
  });

  test('a mail has all that is said of the incident and the update', async () => {
    await using ann = await withAnn(makePlace);
    const said = announcement('payments', { text: 'Ünïcødé “and” \\ \' " <b> \u2028 😀', changed: ['orders'] });
    await ann.store.owe(look('09:31:00', [said]), on('09:31:10'));
    expect(await claimAll(ann.store, '09:31:10')).toEqual([
      {
        claim: expect.any(String),
        subscriber: expect.objectContaining({ emailKey: 'email-ann', confirmedAt: on('09:00:00') }),
        owedAt: on('09:31:10'),
        attempts: 0,
        content: { kind: 'updates', announcements: [said] },
      },
    ]);
  });

  test('several updates of one incident are one mail, oldest first; another incident is another mail', async () => {
    await using ann = await withAnn(makePlace);
    const other = announcement('orders', { at: '09:35:00', text: 'Orders are late.' });
    expect(await ann.store.owe(look('09:42:00', [investigating, identified, other]), on('09:42:00'))).toEqual({
      kind: 'owed',
      updates: 3,
      mails: 2,
    });
    expect(
      await ann.store.owe(look('09:51:00', [investigating, identified, monitoring, other]), on('09:51:00')),
    ).toEqual({
      kind: 'owed',
      updates: 1,
      mails: 1,
    });
    expect(await due(ann.store, '09:51:00')).toEqual([
      'email-ann: 2026-11-20-orders: Orders are late.',
      `email-ann: ${incident}: We look into it. We know what it is. We watch it.`,
    ]);
    const owedAt = (await claimAll(ann.store, '09:51:00')).map((mail) => mail.owedAt.toISOString()).sort();
    expect(owedAt).toEqual(['2026-11-20T09:42:00.000Z', '2026-11-20T09:51:00.000Z']);
  });

  test.each<[string, ComponentChoice, readonly string[], readonly string[], boolean]>([
    ['all', 'all', ['payments'], [], true],
    ['all, of an incident without components', 'all', [], [], true],
    ['the component of the incident', ['payments'], ['payments'], [], true],
    ['one of several', ['mail', 'orders'], ['payments', 'orders'], [], true],
    ['a component that the update changes', ['orders'], ['payments'], ['orders'], true],
    ['another component', ['orders'], ['payments'], [], false],
    ['a component, of an incident without components', ['payments'], [], [], false],
  ])('who chose %s', async (_what, choice, components, changed, isOwed) => {
    await using ann = await withAnn(makePlace, choice);
    await ann.store.owe(look('09:31:00', [announcement('payments', { components, changed })]), on('09:31:00'));
    expect((await ann.store.owed()).mails).toBe(isOwed ? 1 : 0);
  });

  test('it is owed to who was confirmed by the second in which the snapshot was made, and to nobody else', async () => {
    await using ann = await withAnn(makePlace);
    await subscribed(ann.store, 'bob', { at: '09:31:00.999' });
    await subscribed(ann.store, 'cem', { at: '09:31:01' });
    await ann.store.subscribe(wish('eve', { at: '09:00:00' }));
    await deliverAll(ann.store, '09:00:00');
    await ann.store.owe(look('09:31:00', [investigating]), on('09:32:00'));
    expect(await deliverAll(ann.store, '09:32:00')).toEqual(['email-ann', 'email-bob']);
  });

  test('what is owed still takes over the words of the page as it is now', async () => {
    await using ann = await withAnn(makePlace);
    await ann.store.owe(look('09:31:00', [investigating]), on('09:31:00'));
    const redacted = announcement('payments', { at: '09:30:00', text: '[redacted] looks into it.' });
    await ann.store.owe(look('09:32:00', [redacted]), on('09:32:00'));
    expect(await due(ann.store, '09:32:00')).toEqual([`email-ann: ${incident}: [redacted] looks into it.`]);
    await ann.store.owe(look('09:33:00', []), on('09:33:00'));
    expect(await due(ann.store, '09:33:00')).toEqual([`email-ann: ${incident}: [redacted] looks into it.`]);
  });

  test('a snapshot that is older than the last look owes nothing and changes nothing', async () => {
    await using ann = await withAnn(makePlace);
    await ann.store.owe(look('09:42:00', [investigating]), on('09:42:00'));
    const older = await ann.store.owe(look('09:41:59', [investigating, identified]), on('09:43:00'));
    expect(older).toEqual({ kind: 'older', than: on('09:42:00') });
    expect(await due(ann.store, '09:43:00')).toEqual([`email-ann: ${incident}: We look into it.`]);
    expect(await ann.store.seen([incident])).toEqual(new Map([[incident, on('09:30:00')]]));
  });

  test('a look at another page owes nothing and changes nothing', async () => {
    await using ann = await withAnn(makePlace);
    const other = look('09:42:00', [investigating], 'https://other.example.com/');
    expect(await ann.store.owe(other, on('09:42:00'))).toEqual({
      kind: 'other_page',
      page: 'https://status.example.com/',
    });
    expect(await ann.store.owed()).toEqual({ mails: 0 });
    expect(await ann.store.owe(look('09:41:00', [investigating]), on('09:43:00'))).toMatchObject({ mails: 1 });
  });

  test('an update that is older than 30 days is history, also where it was never seen', async () => {
    await using ann = await withAnn(makePlace);
    await subscribed(ann.store, 'bob', { at: '2026-12-20T09:29:59Z' });
    expect(await ann.store.owe(look('2026-12-20T09:30:01Z', [investigating]), on('2026-12-20T09:30:01Z'))).toEqual({
      kind: 'owed',
      updates: 0,
      mails: 0,
    });
    const found = await ann.store.owe(
      look('2026-12-20T09:40:00Z', [investigating, identified]),
      on('2026-12-20T09:40:00Z'),
    );
    expect(found).toEqual({ kind: 'owed', updates: 1, mails: 2 });
  });

  test('what was seen is forgotten once it is history and not shown, and is not owed when it is shown again', async () => {
    await using ann = await withAnn(makePlace);
    await ann.store.owe(look('09:31:00', [investigating]), on('09:31:00'));
    await deliverAll(ann.store, '09:31:00');
    await ann.store.owe(look('2026-12-20T09:31:00Z'), on('2026-12-20T09:31:00Z'));
    expect(await ann.store.seen([incident])).toEqual(new Map());
    expect(await ann.store.owe(look('2026-12-20T09:32:00Z', [investigating]), on('2026-12-20T09:32:00Z'))).toEqual({
      kind: 'owed',
      updates: 0,
      mails: 0,
    });
  });

  test('two workers that look at the same time owe an update once', async () => {
    await using ann = await withAnn(makePlace);
    const seen = look('09:31:00', [investigating]);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => ann.store.owe(seen, on('09:31:00'))));
    expect(outcomes.map((one) => (one.kind === 'owed' ? one.mails : one.kind)).sort()).toEqual([0, 0, 0, 1]);
    expect((await ann.store.owed()).mails).toBe(1);
  });
}
