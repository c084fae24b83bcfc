import { IncidentId } from '../../schema/identifier.ts';
import {
  type StoredMail,
  type StoredPage,
  type StoredSeen,
  type StoredSubscriber,
  type StoredSubscriptions,
  subscriptionFormat,
} from '../../schema/stored-subscription.ts';
import type { Announcement } from '../../schema/subscription.ts';
import {
  announcementKey,
  type Change,
  type MailRecord,
  mailKey,
  type Owing,
  type PageRecord,
  type StoreState,
  type SubscriberRecord,
} from './store-state.ts';

/** A subscriber as it is written down. */
export function storedSubscriber(record: SubscriberRecord): StoredSubscriber {
  const { confirmedAt, suspendedAt, refusals, tokens, asked, confirmation } = record;
  return {
    id: record.id,
    email_key: record.emailKey,
    email: record.sealedEmail,
    leave_key: record.unsubscribeKey,
    leave: record.sealedUnsubscribe,
    components: record.components,
    language: record.language,
    created_at: record.createdAt.getTime(),
    ...(confirmedAt === undefined ? {} : { confirmed_at: confirmedAt.getTime() }),
    ...(suspendedAt === undefined ? {} : { suspended_at: suspendedAt.getTime() }),
    ...(refusals === 0 ? {} : { refusals }),
    ...(tokens.length === 0 ? {} : { tokens: tokens.map(({ key, expiresAt }) => [key, expiresAt.getTime()]) }),
    ...(asked.length === 0 ? {} : { asked: asked.map((at) => at.getTime()) }),
    ...(confirmation === undefined ? {} : { confirmation: storedOwing(confirmation) }),
  };
}

/** A subscriber from what was written down. */
export function subscriberRecord(stored: StoredSubscriber): SubscriberRecord {
  return {
    id: stored.id,
    emailKey: stored.email_key,
    sealedEmail: stored.email,
    unsubscribeKey: stored.leave_key,
    sealedUnsubscribe: stored.leave,
    components: stored.components,
    language: stored.language,
    createdAt: new Date(stored.created_at),
    confirmedAt: dateOf(stored.confirmed_at),
    suspendedAt: dateOf(stored.suspended_at),
    refusals: stored.refusals ?? 0,
    tokens: (stored.tokens ?? []).map(([key, expiresAt]) => ({ key, expiresAt: new Date(expiresAt) })),
    asked: (stored.asked ?? []).map((at) => new Date(at)),
    confirmation: stored.confirmation === undefined ? undefined : owingOf(stored.confirmation),
  };
}

/** A mail as it is written down. */
export function storedMail(record: MailRecord): StoredMail {
  const { subscriber, incident, updates } = record;
  return { subscriber, incident, updates: [...updates], ...storedOwing(record) };
}

/** A mail from what was written down. */
export function mailRecord(stored: StoredMail): MailRecord {
  const { subscriber, incident, updates } = stored;
  return { subscriber, incident, updates, ...owingOf(stored) };
}

/** The page as it is written down. */
export function storedPage({ url, generatedAt }: PageRecord): StoredPage {
  return { url, generated_at: generatedAt.getTime() };
}

/** All that a state knows, as it is written down; what somebody is sending now is owed. */
export function everythingIn(state: StoreState): StoredSubscriptions {
  const { page, key } = state;
  return {
    format: subscriptionFormat,
    key,
    ...(page === undefined ? {} : { page: storedPage(page) }),
    seen: storedSeen(state),
    announcements: Array.from(state.table('announcements').values()),
    subscribers: Array.from(state.table('subscribers').values(), storedSubscriber),
    mails: Array.from(state.table('mails').values(), storedMail),
  };
}

/** What was seen as it is written down. */
export function storedSeen(state: StoreState): StoredSeen[] {
  return Array.from(state.table('seen'), ([incident, at]) => ({
    incident: IncidentId.parse(incident),
    at: at.getTime(),
  }));
}

/** Whether nobody subscribed and no page was seen. */
export function isEmpty(state: StoreState): boolean {
  return state.table('subscribers').size === 0 && state.page === undefined;
}

/** The changes that make all of a document of nothing. */
export function changesOf(stored: StoredSubscriptions): Change[] {
  const { page } = stored;
  return [
    { table: 'key', key: 'key', value: stored.key },
    ...(page === undefined ? [] : [pageChange(page)]),
    ...stored.seen.map(seenChange),
    ...stored.announcements.map(announcementChange),
    ...stored.subscribers.map((one): Change => ({ table: 'subscribers', key: one.id, value: subscriberRecord(one) })),
    ...stored.mails.map((one): Change => {
      return { table: 'mails', key: mailKey(one.subscriber, one.incident), value: mailRecord(one) };
    }),
  ];
}

/** What keeps the records of a document from belonging together, as the rest of a sentence about it; `undefined` if nothing. */
export function inconsistency({ subscribers, mails, announcements }: StoredSubscriptions): string | undefined {
  const ids = new Set(subscribers.map(({ id }) => id));
  const texts = new Set(announcements.map(({ incident, update }) => announcementKey(incident.id, update.at)));
  if (ids.size < subscribers.length) return 'has two subscribers of one id';
  if (hasTwice(subscribers, ({ email_key }) => email_key)) return 'has two subscribers of one address';
  if (hasTwice(subscribers, ({ leave_key }) => leave_key)) return 'has two subscribers of one token';
  if (
    hasTwice(
      subscribers.flatMap(({ tokens = [] }) => tokens),
      ([key]) => key,
    )
  )
    return 'has one token twice';
  if (hasTwice(mails, (one) => mailKey(one.subscriber, one.incident))) return 'has one mail twice';
  if (mails.some(({ subscriber }) => !ids.has(subscriber))) return 'has a mail to nobody';
  const isLost = ({ incident, updates }: StoredMail) => updates.some((at) => !texts.has(announcementKey(incident, at)));
  return mails.some(isLost) ? 'has a mail whose words are gone' : undefined;
}

function hasTwice<T>(items: readonly T[], key: (item: T) => string): boolean {
  return new Set(items.map(key)).size < items.length;
}

function storedOwing({ owedAt, dueAt, attempts }: Owing) {
  return { owed_at: owedAt.getTime(), due_at: dueAt.getTime(), attempts };
}

function owingOf({ owed_at, due_at, attempts }: ReturnType<typeof storedOwing>): Owing {
  return { owedAt: new Date(owed_at), dueAt: new Date(due_at), attempts };
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

function pageChange({ url, generated_at }: StoredPage): Change {
  return { table: 'page', key: 'page', value: { url, generatedAt: new Date(generated_at) } };
}

function seenChange({ incident, at }: StoredSeen): Change {
  return { table: 'seen', key: incident, value: new Date(at) };
}

function announcementChange(value: Announcement): Change {
  return { table: 'announcements', key: announcementKey(value.incident.id, value.update.at), value };
}
