import { randomUUID } from 'node:crypto';
import type { Announcement } from '../../schema/subscription.ts';
import type { ClaimedMail, MailOutcome } from '../subscription-store.ts';
import {
  announcementKey,
  type Change,
  type ClaimRecord,
  type MailRecord,
  type Owing,
  type Step,
  type StoreState,
  type SubscriberRecord,
} from './store-state.ts';
import { isActive, subscriberOf } from './subscribing.ts';

/** Take mails that are due, confirmations first: see `SubscriptionStore.claim`. */
export function claim(state: StoreState, { limit, now }: { limit: number; now: Date }): Step<readonly ClaimedMail[]> {
  const taken: { readonly mail: ClaimedMail; readonly change: Change }[] = [];
  for (const id of state.waiting) {
    if (taken.length >= limit) break;
    const record = subscriberIn(state, id);
    if (record.confirmation === undefined || !isDue(state, id, record.confirmation, now)) continue;
    taken.push(
      claimedMail(record, record.confirmation, { kind: 'confirmation', subscriber: id }, { kind: 'confirmation' }),
    );
  }
  for (const [key, mail] of state.table('mails')) {
    if (taken.length >= limit) break;
    const record = subscriberIn(state, mail.subscriber);
    if (!isActive(record) || !isDue(state, key, mail, now)) continue;
    const claimed: ClaimRecord = { kind: 'updates', subscriber: record.id, mail: key, updates: mail.updates };
    taken.push(claimedMail(record, mail, claimed, { kind: 'updates', announcements: announcementsOf(state, mail) }));
  }
  return { value: taken.map(({ mail }) => mail), changes: taken.map(({ change }) => change) };
}

/** Which claims are still owed: see `SubscriptionStore.stillOwed`. */
export function stillOwed(state: StoreState, claims: readonly string[]): ReadonlySet<string> {
  return new Set(claims.filter((key) => isStillOwed(state, state.table('claims').get(key))));
}

/** Record what became of a mail: see `SubscriptionStore.settle`. */
export function settle(state: StoreState, outcome: MailOutcome, now: Date): Step<void> {
  const claimed = state.table('claims').get(outcome.claim);
  if (claimed === undefined) return { value: undefined, changes: [] };
  const free: Change = { table: 'claims', key: outcome.claim, value: undefined };
  const before = state.table('subscribers').get(claimed.subscriber);
  if (before === undefined) return { value: undefined, changes: [free] };
  const changes =
    claimed.kind === 'confirmation'
      ? [...subscriberChange(before, settledConfirmation(before, outcome), outcome, now)]
      : [...mailChange(state, claimed, outcome, now), ...subscriberChange(before, before, outcome, now)];
  return { value: undefined, changes: [free, ...changes, ...mailsOfSuspended(state, before.id, outcome)] };
}

/** Give back what was claimed: see `SubscriptionStore.release`. */
export function release(claims: readonly string[]): Step<void> {
  return { value: undefined, changes: claims.map((key): Change => ({ table: 'claims', key, value: undefined })) };
}

/** How much is owed: see `SubscriptionStore.owed`. */
export function owed(state: StoreState): { mails: number; nextAt?: Date | undefined } {
  let next: Date | undefined;
  const consider = (key: string, { dueAt }: Owing) => {
    if (!state.isClaimed(key) && (next === undefined || dueAt < next)) next = dueAt;
  };
  for (const id of state.waiting) {
    const { confirmation } = subscriberIn(state, id);
    if (confirmation !== undefined) consider(id, confirmation);
  }
  const mails = state.table('mails');
  for (const [key, mail] of mails) consider(key, mail);
  return { mails: state.waiting.size + mails.size, nextAt: next };
}

function isDue(state: StoreState, key: string, { dueAt }: Owing, now: Date): boolean {
  return dueAt <= now && !state.isClaimed(key);
}

/** The subscriber may have left since, or been suspended, which forgets its mails. */
function isStillOwed(state: StoreState, claimed: ClaimRecord | undefined): boolean {
  if (claimed === undefined) return false;
  if (claimed.kind === 'updates') return state.table('mails').has(claimed.mail);
  return state.table('subscribers').get(claimed.subscriber)?.confirmation !== undefined;
}

/** A mail with the claim on it, and the change that makes the claim. */
function claimedMail(
  record: SubscriberRecord,
  { owedAt, attempts }: Owing,
  value: ClaimRecord,
  content: ClaimedMail['content'],
) {
  const key = randomUUID();
  const mail: ClaimedMail = { claim: key, subscriber: subscriberOf(record), owedAt, attempts, content };
  return { mail, change: { table: 'claims', key, value } as const };
}

function announcementsOf(state: StoreState, { incident, updates }: MailRecord): [Announcement, ...Announcement[]] {
  const [first, ...rest] = updates.map((at) => {
    const found = state.table('announcements').get(announcementKey(incident, at));
    if (found === undefined) throw new Error(`The update ${at} of ${incident} is owed, but its words are gone.`);
    return found;
  });
  if (first === undefined) throw new Error(`A mail of ${incident} is owed without an update.`);
  return [first, ...rest];
}

function subscriberIn(state: StoreState, id: string): SubscriberRecord {
  const record = state.table('subscribers').get(id);
  if (record === undefined) throw new Error('A mail is owed to nobody.');
  return record;
}

function settledConfirmation(record: SubscriberRecord, outcome: MailOutcome): SubscriberRecord {
  return { ...record, confirmation: outcome.kind === 'retry' ? retried(record.confirmation, outcome.at) : undefined };
}

function retried(owing: Owing | undefined, dueAt: Date): Owing | undefined {
  return owing === undefined ? undefined : { ...owing, dueAt, attempts: owing.attempts + 1 };
}

/** What is left of the mail: updates that came to be owed after it was claimed are due at once. */
function mailChange(
  state: StoreState,
  { mail: key, updates }: ClaimRecord & { kind: 'updates' },
  outcome: MailOutcome,
  now: Date,
): Change[] {
  const before = state.table('mails').get(key);
  if (before === undefined) return [];
  if (outcome.kind === 'retry') {
    return [{ table: 'mails', key, value: { ...before, dueAt: outcome.at, attempts: before.attempts + 1 } }];
  }
  const left = before.updates.filter((at) => !updates.includes(at));
  const value = left.length === 0 ? undefined : { ...before, updates: left, dueAt: now, attempts: 0 };
  return [{ table: 'mails', key, value }];
}

function subscriberChange(before: SubscriberRecord, next: SubscriberRecord, outcome: MailOutcome, now: Date): Change[] {
  const value = counted(next, outcome, now);
  return value === before ? [] : [{ table: 'subscribers', key: value.id, value }];
}

function counted(record: SubscriberRecord, outcome: MailOutcome, now: Date): SubscriberRecord {
  if (outcome.kind === 'accepted') return record.refusals === 0 ? record : { ...record, refusals: 0 };
  if (outcome.kind === 'retry' || (!outcome.refused && !outcome.suspend)) return record;
  const refusals = record.refusals + (outcome.refused ? 1 : 0);
  return { ...record, refusals, suspendedAt: outcome.suspend ? now : record.suspendedAt };
}

/** Who is suspended is owed nothing of what came before. */
function mailsOfSuspended(state: StoreState, subscriber: string, outcome: MailOutcome): Change[] {
  if (outcome.kind !== 'dropped' || !outcome.suspend) return [];
  return state.mailsOf(subscriber).map((key): Change => ({ table: 'mails', key, value: undefined }));
}
