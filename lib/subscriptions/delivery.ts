import { confirmationTokenHours } from '../policy/constants.ts';
import { afterRefusal, nextTry } from '../policy/delivery.ts';
import { type DataKeys, SealFault } from './data-keys.ts';
import type { PageFacts } from './look.ts';
import { confirmationMail } from './mail/confirmation-mail.ts';
import type { MailContext } from './mail/mail-context.ts';
import { senderOf } from './mail/sender.ts';
import { updateMail } from './mail/update-mail.ts';
import type { Mail, SendResult } from './mail-transport.ts';
import { openEmail, openUnsubscribe } from './subscriber-secrets.ts';
import type { ClaimedMail, MailOutcome, SubscriptionStore } from './subscription-store.ts';
import { newToken, tokenKey } from './tokens.ts';

/** What it takes to write a mail for somebody. */
export interface Writing {
  readonly store: Pick<SubscriptionStore, 'addConfirmation'>;
  readonly keys: DataKeys;
  /** `MAIL_FROM`, where it is set. */
  readonly mailFrom: string | undefined;
  readonly clock: () => Date;
}

/** A mail that was claimed, written out. `unreadable`: its address cannot be decrypted; `unwanted`: nobody waits for it. */
export type WrittenMail =
  | { readonly kind: 'mail'; readonly mail: Mail }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unwanted' };

/** Write a claimed mail. Of a confirmation the token is made now, and its hash is in the store when this resolves. */
export async function writtenMail(claimed: ClaimedMail, facts: PageFacts, writing: Writing): Promise<WrittenMail> {
  const { subscriber, content } = claimed;
  const secrets = secretsOf(claimed, writing.keys);
  if (secrets === undefined) return { kind: 'unreadable' };
  const date = writing.clock();
  const context: MailContext = { ...facts, from: senderOf(writing.mailFrom, facts.page), date };
  const { to, unsubscribeToken } = secrets;
  if (content.kind === 'updates') {
    const addressee = { subscriberId: subscriber.id, to, components: subscriber.components, unsubscribeToken };
    return { kind: 'mail', mail: updateMail(addressee, content.announcements, context) };
  }
  const token = newToken();
  const expiresAt = new Date(date.getTime() + confirmationTokenHours * 3_600_000);
  const isAwaited = await writing.store.addConfirmation(subscriber.id, { key: tokenKey('confirm', token), expiresAt });
  return isAwaited ? { kind: 'mail', mail: confirmationMail({ to, token }, context) } : { kind: 'unwanted' };
}

/** `undefined` where the keys are others than those that sealed the row. */
function secretsOf({ subscriber }: ClaimedMail, keys: DataKeys) {
  try {
    return { to: openEmail(keys, subscriber), unsubscribeToken: openUnsubscribe(keys, subscriber) };
  } catch (error) {
    if (error instanceof SealFault) return undefined;
    throw error;
  }
}

/** What is recorded of a mail that the server did not take, and goes on being owed or not. `chance` is from 0 to 1. */
export function outcomeOf(
  { claim, owedAt, attempts, subscriber }: ClaimedMail,
  result: Exclude<SendResult, { kind: 'unusable' }>,
  now: Date,
  chance: number,
): MailOutcome {
  if (result.kind === 'accepted') return { claim, kind: 'accepted' };
  if (result.kind === 'refused') return { claim, kind: 'dropped', ...afterRefusal(result.about, subscriber.refusals) };
  const at = nextTry({ owedAt, attempts: attempts + 1 }, now, chance);
  return at === undefined ? { claim, kind: 'dropped', refused: false, suspend: false } : { claim, kind: 'retry', at };
}
