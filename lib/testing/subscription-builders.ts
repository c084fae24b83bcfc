import type { ComponentChoice } from '../schema/subscription.ts';
import { Announcement } from '../schema/subscription.ts';
import type { DataKeys } from '../subscriptions/data-keys.ts';
import { readEmailAddress } from '../subscriptions/email-address.ts';
import { sealedIdentity } from '../subscriptions/subscriber-secrets.ts';
import type { ClaimedMail, Look, SubscriptionStore, Wish } from '../subscriptions/subscription-store.ts';

/** An instant on the day on which the tests happen, or on that of a full date. */
export function on(time: string): Date {
  return new Date(time.includes('T') ? time : `2026-11-20T${time}Z`);
}

interface WishFields {
  readonly components?: ComponentChoice;
  readonly at?: string;
  /** Which wish of the same person it is; each has tokens of its own. */
  readonly nth?: number;
}

/** The wish of a person who is called so; what would be sealed says so. */
export function wish(name: string, { components = 'all', at = '09:00:00', nth = 1 }: WishFields = {}): Wish {
  return {
    id: `id-${name}-${nth}`,
    emailKey: `email-${name}`,
    sealedEmail: `sealed-${name}-${nth}`,
    components,
    language: 'en',
    unsubscribeKey: `leave-${name}-${nth}`,
    sealedUnsubscribe: `sealed-leave-${name}-${nth}`,
    at: on(at),
  };
}

interface AnnouncementFields {
  readonly at?: string;
  readonly text?: string;
  /** Of the incident. */
  readonly components?: readonly string[];
  /** Of the update. */
  readonly changed?: readonly string[];
}

/** An update of the incident whose id ends so, about payments. */
export function announcement(
  incident: string,
  {
    at = '09:30:00',
    text = 'We are looking into it.',
    components = ['payments'],
    changed = [],
  }: AnnouncementFields = {},
): Announcement {
  const status = 'partial_outage';
  const id = `2026-11-20-${incident}`;
  return Announcement.parse({
    incident: {
      id,
      url: `https://status.example.com/incidents/${id}/`,
      title: `Trouble with ${incident}`,
      impact: 'major',
      components: components.map((component) => ({ id: component, name: component, status })),
    },
    update: {
      state: 'investigating',
      at: on(at).toISOString().replace('.000', ''),
      html: `<p>${text}</p>`,
      text,
      components: changed.map((component) => ({ id: component, status })),
    },
  });
}

/** A look at the page of the tests. */
export function look(
  generatedAt: string,
  announcements: readonly Announcement[] = [],
  page = 'https://status.example.com/',
): Look {
  return { page, generatedAt: on(generatedAt), announcements };
}

/** Somebody who has subscribed and confirmed. */
export async function subscribed(
  store: SubscriptionStore,
  name: string,
  { at = '09:00:00', ...fields }: WishFields = {},
): Promise<void> {
  await store.subscribe(wish(name, { at, ...fields }));
  const mails = await store.claim({ worker: 'builder', limit: 1000, now: on(at) });
  const isTheirs = ({ subscriber, content }: ClaimedMail) =>
    subscriber.emailKey === `email-${name}` && content.kind === 'confirmation';
  const mail = mails.find(isTheirs);
  if (mail === undefined) throw new Error(`${name} is owed no confirmation.`);
  await store.release(mails.filter((one) => one !== mail).map(({ claim }) => claim));
  await store.addConfirmation(mail.subscriber.id, token(name, at));
  await store.settle({ claim: mail.claim, kind: 'accepted' }, on(at));
  await store.confirm(token(name, at).key, on(at));
}

/** The token that a confirmation mail has which is made then: it is good for a day. */
export function token(name: string, at = '09:00:00', nth = 1): { key: string; expiresAt: Date } {
  return { key: `confirm-${name}-${nth}`, expiresAt: new Date(on(at).getTime() + 24 * 3_600_000) };
}

/** The wish of an address, sealed as the endpoint does it. */
export function sealedWish(
  keys: DataKeys,
  email: string,
  { components = 'all', at = '09:00:00' }: WishFields = {},
): Wish {
  const reading = readEmailAddress(email);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return { ...sealedIdentity(keys, reading.address), components, language: 'en', at: on(at) };
}
