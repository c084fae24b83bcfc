import type { IncidentId } from '../../schema/identifier.ts';
import type { Announcement } from '../../schema/subscription.ts';
import type { ConfirmationToken, Subscriber } from '../subscription-store.ts';

/** A mail that is owed: since when, when it may be tried next, and how often it was. */
export interface Owing {
  readonly owedAt: Date;
  readonly dueAt: Date;
  readonly attempts: number;
}

/** A subscriber with what only the store knows of it. */
export interface SubscriberRecord extends Subscriber {
  /** Tokens that confirm, until they expire. */
  readonly tokens: readonly ConfirmationToken[];
  /** When a confirmation mail was owed for a wish, in the day before the newest wish. */
  readonly asked: readonly Date[];
  /** The confirmation mail that is owed now. */
  readonly confirmation?: Owing | undefined;
}

/** The mail that one subscriber is owed of one incident; its updates by their instants, oldest first. */
export interface MailRecord extends Owing {
  readonly subscriber: string;
  readonly incident: IncidentId;
  readonly updates: readonly string[];
}

/** The page that the store belongs to, and when its newest snapshot that was looked at was made. */
export interface PageRecord {
  readonly url: string;
  readonly generatedAt: Date;
}

/** A mail that somebody is sending now; never written down, so that a process that died holds nothing. */
export type ClaimRecord =
  | { readonly kind: 'confirmation'; readonly subscriber: string }
  | {
      readonly kind: 'updates';
      readonly subscriber: string;
      readonly mail: string;
      readonly updates: readonly string[];
    };

/** What each table of a store holds, by its key. */
export interface StoreRecords {
  /** By id. */
  subscribers: SubscriberRecord;
  /** By `mailKey`. */
  mails: MailRecord;
  /** By `announcementKey`: those that somebody is owed. */
  announcements: Announcement;
  /** By incident: the instant of its newest update that was seen. */
  seen: Date;
  /** By `page`: one, or none before the first look. */
  page: PageRecord;
  /** By `key`: the id of the data key under which all is encrypted. */
  key: string;
  /** By claim. */
  claims: ClaimRecord;
}

type Table = keyof StoreRecords;
type Tables = { readonly [T in Table]: Map<string, StoreRecords[T]> };

/** One record put into a table, or taken out of it. */
export type ChangeOf<T extends Table> = {
  [U in T]: { readonly table: U; readonly key: string; readonly value: StoreRecords[U] | undefined };
}[T];
export type Change = ChangeOf<Table>;

/** What a transition decided: what it answers, and what is to be changed for it. */
export interface Step<T> {
  readonly value: T;
  readonly changes: readonly Change[];
}

/** The key of the mail that a subscriber is owed of an incident. */
export function mailKey(subscriber: string, incident: IncidentId): string {
  return `${subscriber} ${incident}`;
}

/** The key of an update of an incident; `at` as the snapshot has it. */
export function announcementKey(incident: IncidentId, at: string): string {
  return `${incident} ${at}`;
}

/** All that a store knows, in memory, with the ways to find it. Changed by `apply` alone. */
export class StoreState {
  readonly #tables: Tables = {
    subscribers: new Map(),
    mails: new Map(),
    announcements: new Map(),
    seen: new Map(),
    page: new Map(),
    key: new Map(),
    claims: new Map(),
  };
  readonly #byEmail = new Map<string, string>();
  readonly #byUnsubscribe = new Map<string, string>();
  readonly #byToken = new Map<string, string>();
  readonly #waiting = new Set<string>();
  readonly #mailsOf = new Map<string, Set<string>>();
  readonly #claimed = new Set<string>();

  /** The records of a table, in the order in which they were first put there. */
  table<T extends Table>(name: T): ReadonlyMap<string, StoreRecords[T]> {
    return this.#tables[name];
  }

  get page(): PageRecord | undefined {
    return this.#tables.page.get('page');
  }

  /** Under which data key all is encrypted; empty where nobody said. */
  get key(): string {
    return this.#tables.key.get('key') ?? '';
  }

  byEmail(emailKey: string): SubscriberRecord | undefined {
    return this.#subscriber(this.#byEmail.get(emailKey));
  }

  byUnsubscribe(key: string): SubscriberRecord | undefined {
    return this.#subscriber(this.#byUnsubscribe.get(key));
  }

  byToken(key: string): SubscriberRecord | undefined {
    return this.#subscriber(this.#byToken.get(key));
  }

  /** The ids of those to whom a confirmation mail is owed. */
  get waiting(): ReadonlySet<string> {
    return this.#waiting;
  }

  /** The keys of the mails that the subscriber is owed. */
  mailsOf(subscriber: string): readonly string[] {
    return Array.from(this.#mailsOf.get(subscriber) ?? []);
  }

  /** Whether somebody is sending the confirmation of this subscriber, or the mail of this key, now. */
  isClaimed(subscriberOrMail: string): boolean {
    return this.#claimed.has(subscriberOrMail);
  }

  /** Make the changes, in order; returns those that take them back. */
  apply(changes: readonly Change[]): readonly Change[] {
    return changes.map((change) => this.#put(change)).reverse();
  }

  #subscriber(id: string | undefined): SubscriberRecord | undefined {
    return id === undefined ? undefined : this.#tables.subscribers.get(id);
  }

  #put(change: Change): Change {
    if (change.table === 'subscribers') this.#index(change.key, change.value);
    if (change.table === 'mails') this.#indexMail(change.key, change.value);
    if (change.table === 'claims') this.#indexClaim(change.key, change.value);
    return replaced(this.#tables, change);
  }

  #index(id: string, next: SubscriberRecord | undefined): void {
    const before = this.#tables.subscribers.get(id);
    if (before !== undefined) {
      this.#byEmail.delete(before.emailKey);
      this.#byUnsubscribe.delete(before.unsubscribeKey);
      for (const { key } of before.tokens) this.#byToken.delete(key);
      this.#waiting.delete(id);
    }
    if (next === undefined) return;
    this.#byEmail.set(next.emailKey, id);
    this.#byUnsubscribe.set(next.unsubscribeKey, id);
    for (const { key } of next.tokens) this.#byToken.set(key, id);
    if (next.confirmation !== undefined) this.#waiting.add(id);
  }

  #indexMail(key: string, next: MailRecord | undefined): void {
    const before = this.#tables.mails.get(key);
    if (before !== undefined) {
      const others = this.#mailsOf.get(before.subscriber);
      others?.delete(key);
      if (others?.size === 0) this.#mailsOf.delete(before.subscriber);
    }
    if (next === undefined) return;
    const keys = this.#mailsOf.get(next.subscriber) ?? new Set();
    this.#mailsOf.set(next.subscriber, keys.add(key));
  }

  #indexClaim(key: string, next: ClaimRecord | undefined): void {
    const before = this.#tables.claims.get(key);
    if (before !== undefined) this.#claimed.delete(claimedBy(before));
    if (next !== undefined) this.#claimed.add(claimedBy(next));
  }
}

/** Put a record into its table; what would take that back. */
function replaced<T extends Table>(tables: Tables, { table, key, value }: ChangeOf<T>): Change {
  const records: Map<string, StoreRecords[T]> = tables[table];
  const before = records.get(key);
  if (value === undefined) records.delete(key);
  else records.set(key, value);
  return { table, key, value: before } as Change;
}

function claimedBy(claim: ClaimRecord): string {
  return claim.kind === 'updates' ? claim.mail : claim.subscriber;
}
