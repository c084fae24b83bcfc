import { randomBytes } from 'node:crypto';
import { type DataKeys, SealFault } from './data-keys.ts';
import { type EmailAddress, readEmailAddress } from './email-address.ts';
import type { Subscriber } from './subscription-store.ts';
import { newToken, tokenKey } from './tokens.ts';

/** What a wish says of who has it, as the store may know it. */
export type SealedIdentity = Pick<
  Subscriber,
  'id' | 'emailKey' | 'sealedEmail' | 'unsubscribeKey' | 'sealedUnsubscribe'
>;

/** The part of a subscriber that depends on the key. */
export type SealedSubscriber = Pick<Subscriber, 'emailKey' | 'sealedEmail' | 'sealedUnsubscribe'>;

/** An address with a new id and a new token to unsubscribe by, all of it sealed. */
export function sealedIdentity(keys: DataKeys, { typed, folded }: EmailAddress): SealedIdentity {
  const emailKey = emailKeyOf(keys, folded);
  const token = newToken();
  return {
    id: randomBytes(12).toString('base64url'),
    emailKey,
    sealedEmail: keys.seal('email', emailKey, typed),
    unsubscribeKey: tokenKey('unsubscribe', token),
    sealedUnsubscribe: keys.seal('unsubscribe', emailKey, token),
  };
}

/** The address that a subscriber typed. */
export function openEmail(
  keys: DataKeys,
  { emailKey, sealedEmail }: Pick<Subscriber, 'emailKey' | 'sealedEmail'>,
): string {
  return keys.open('email', emailKey, sealedEmail);
}

/** The token for a subscriber's links. */
export function openUnsubscribe(
  keys: DataKeys,
  { emailKey, sealedUnsubscribe }: Pick<Subscriber, 'emailKey' | 'sealedUnsubscribe'>,
): string {
  return keys.open('unsubscribe', emailKey, sealedUnsubscribe);
}

/** What a subscriber has sealed, under the key in use; `SealFault` where none of the keys opens it. */
export function resealed(keys: DataKeys, sealed: SealedSubscriber): SealedSubscriber {
  const typed = openEmail(keys, sealed);
  const reading = readEmailAddress(typed);
  if (reading.kind === 'refused') throw new SealFault('It opens to something that is no address.');
  const emailKey = emailKeyOf(keys, reading.address.folded);
  return {
    emailKey,
    sealedEmail: keys.seal('email', emailKey, typed),
    sealedUnsubscribe: keys.seal('unsubscribe', emailKey, openUnsubscribe(keys, sealed)),
  };
}

function emailKeyOf(keys: DataKeys, folded: string): string {
  return keys.fingerprint(`email ${folded}`);
}
