import type { Snapshot } from '../schema/snapshot.ts';
import type { ComponentChoice } from '../schema/subscription.ts';
import { type DataKeys, readDataKeys } from '../subscriptions/data-keys.ts';
import { readEmailAddress } from '../subscriptions/email-address.ts';
import { sealedIdentity } from '../subscriptions/subscriber-secrets.ts';
import type { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { newToken, tokenKey } from '../subscriptions/tokens.ts';
import { anIncident, anUpdate } from './page-builders.ts';
import { midIncident } from './shop-pages.ts';

/** The text of a key for tests. */
export const testDataKey = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 251)).toString(
  'base64',
);

/** The keys that it is. */
export function testKeys(): DataKeys {
  const reading = readDataKeys(testDataKey);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.keys;
}

/** Ask for mail to an address. */
export async function subscribe(
  store: SubscriptionStore,
  email: string,
  { at, components = 'all' }: { at: Date; components?: ComponentChoice },
): Promise<void> {
  const read = readEmailAddress(email);
  if (read.kind === 'refused') throw new Error(read.reason);
  await store.subscribe({ ...sealedIdentity(testKeys(), read.address), components, language: 'en', at });
}

/** Addresses that have subscribed and confirmed. */
export async function subscribers(
  store: SubscriptionStore,
  emails: readonly string[],
  how: { at: Date; components?: ComponentChoice },
): Promise<void> {
  await Promise.all(emails.map((email) => subscribe(store, email, how)));
  for (;;) {
    const mails = await store.claim({ worker: 'list', limit: 1000, now: how.at });
    if (mails.length === 0) return;
    await Promise.all(
      mails.map(async ({ claim, subscriber }) => {
        const key = tokenKey('confirm', newToken());
        await store.addConfirmation(subscriber.id, { key, expiresAt: new Date(how.at.getTime() + 86_400_000) });
        await store.settle({ claim, kind: 'accepted' }, how.at);
        await store.confirm(key, how.at);
      }),
    );
  }
}

/** Addresses in order: `reader-0000@shop.example`, … */
export function addresses(count: number, domain = 'shop.example'): string[] {
  return Array.from({ length: count }, (_, index) => `reader-${String(index).padStart(4, '0')}@${domain}`);
}

/** A snapshot whose one open incident has these updates, as state, instant and text, oldest first. */
export function snapshotWith(
  generatedAt: string,
  updates: readonly Readonly<Parameters<typeof anUpdate>>[],
  fields: Partial<Snapshot> = {},
): Snapshot {
  const incident = anIncident({
    id: '2026-11-20-card-payments',
    title: 'Card payments are failing for some merchants',
    updates: updates.map((one) => anUpdate(...one)).reverse(),
  });
  const open = updates.length === 0 ? [] : [incident];
  return { ...midIncident(), generated_at: generatedAt, open_incidents: open, recent_incidents: [], ...fields };
}
