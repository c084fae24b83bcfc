import {
  confirmationMailsPerDay,
  confirmationTokenHours,
  unconfirmedSubscriptionHours,
} from '../../policy/constants.ts';
import type { ComponentChoice } from '../../schema/subscription.ts';
import type { ConfirmationToken, Subscriber, Wish, WishOutcome } from '../subscription-store.ts';
import type { Change, Step, StoreState, SubscriberRecord } from './store-state.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Take a wish: see `SubscriptionStore.subscribe`. */
export function subscribe(state: StoreState, wish: Wish): Step<WishOutcome> {
  const before = state.byEmail(wish.emailKey);
  if (before !== undefined && isActive(before)) return { value: 'confirmed', changes: [] };
  const asked = (before?.asked ?? []).filter((at) => at.getTime() > wish.at.getTime() - dayMs);
  const isOwed = before?.confirmation !== undefined;
  const mayAsk = isOwed || asked.length < confirmationMailsPerDay;
  const { at, id, ...asWished } = wish;
  const owing = { owedAt: at, dueAt: at, attempts: 0 };
  const record: SubscriberRecord = {
    ...(before ?? { id, createdAt: at, refusals: 0, tokens: [] }),
    ...asWished,
    asked: isOwed || !mayAsk ? asked : [...asked, at],
    confirmation: before?.confirmation ?? (mayAsk ? owing : undefined),
  };
  return { value: mayAsk ? 'owed' : 'enough', changes: [put(record)] };
}

/** Let a token confirm: see `SubscriptionStore.addConfirmation`. */
export function addConfirmation(state: StoreState, subscriber: string, token: ConfirmationToken): Step<boolean> {
  const before = state.table('subscribers').get(subscriber);
  if (before === undefined || isActive(before)) return { value: false, changes: [] };
  const madeAtMs = token.expiresAt.getTime() - confirmationTokenHours * hourMs;
  const tokens = before.tokens.filter(({ expiresAt }) => expiresAt.getTime() > madeAtMs);
  return { value: true, changes: [put({ ...before, tokens: [...tokens, token] })] };
}

/** Whom the token would confirm now: see `SubscriptionStore.findByConfirmation`. */
export function findByConfirmation(state: StoreState, key: string, now: Date): Subscriber | undefined {
  const record = withToken(state, key, now);
  return record === undefined ? undefined : subscriberOf(record);
}

/** Use the token up: see `SubscriptionStore.confirm`. */
export function confirm(state: StoreState, key: string, now: Date): Step<Subscriber | undefined> {
  const before = withToken(state, key, now);
  if (before === undefined) return { value: undefined, changes: [] };
  const record: SubscriberRecord = {
    ...before,
    confirmedAt: now,
    suspendedAt: undefined,
    refusals: 0,
    tokens: [],
    confirmation: undefined,
  };
  return { value: subscriberOf(record), changes: [put(record)] };
}

/** Whose token to unsubscribe this is: see `SubscriptionStore.findByUnsubscribe`. */
export function findByUnsubscribe(state: StoreState, key: string): Subscriber | undefined {
  const record = state.byUnsubscribe(key);
  return record === undefined ? undefined : subscriberOf(record);
}

/** Forget a subscriber: see `SubscriptionStore.unsubscribe`. */
export function unsubscribe(state: StoreState, key: string): Step<boolean> {
  const before = state.byUnsubscribe(key);
  if (before === undefined) return { value: false, changes: [] };
  return { value: true, changes: forget(state, before.id) };
}

/** Change what a subscriber hears of: see `SubscriptionStore.choose`. */
export function choose(state: StoreState, key: string, components: ComponentChoice): Step<boolean> {
  const before = state.byUnsubscribe(key);
  if (before === undefined) return { value: false, changes: [] };
  return { value: true, changes: [put({ ...before, components })] };
}

/** Forget who did not confirm: see `SubscriptionStore.prune`. */
export function prune(state: StoreState, now: Date): Step<number> {
  const old = Array.from(state.table('subscribers').values()).filter((record) => isForgotten(record, now));
  return { value: old.length, changes: old.flatMap(({ id }) => forget(state, id)) };
}

/** Whether a subscriber gets mail: confirmed and not suspended. */
export function isActive({ confirmedAt, suspendedAt }: Pick<Subscriber, 'confirmedAt' | 'suspendedAt'>): boolean {
  return confirmedAt !== undefined && suspendedAt === undefined;
}

/** A subscriber without what only the store knows of it. */
export function subscriberOf({
  tokens: _tokens,
  asked: _asked,
  confirmation: _owed,
  ...rest
}: SubscriberRecord): Subscriber {
  return rest;
}

function isForgotten({ confirmedAt, createdAt, asked, tokens }: SubscriberRecord, now: Date): boolean {
  if (confirmedAt !== undefined) return false;
  const wishes = [createdAt, ...asked].map((at) => at.getTime() + confirmationTokenHours * hourMs);
  const lastMs = Math.max(...wishes, ...tokens.map(({ expiresAt }) => expiresAt.getTime()));
  return lastMs + unconfirmedSubscriptionHours * hourMs <= now.getTime();
}

function withToken(state: StoreState, key: string, now: Date): SubscriberRecord | undefined {
  const record = state.byToken(key);
  const token = record?.tokens.find((one) => one.key === key);
  return token !== undefined && now < token.expiresAt ? record : undefined;
}

function forget(state: StoreState, id: string): Change[] {
  const mails = state.mailsOf(id).map((key): Change => ({ table: 'mails', key, value: undefined }));
  return [...mails, { table: 'subscribers', key: id, value: undefined }];
}

function put(value: SubscriberRecord): Change {
  return { table: 'subscribers', key: value.id, value };
}
