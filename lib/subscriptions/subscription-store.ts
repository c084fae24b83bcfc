import type { IncidentId } from '../schema/identifier.ts';
import type { Announcement, ComponentChoice } from '../schema/subscription.ts';

/** Somebody who asked for mail. The address and the unsubscribe token are encrypted; keys are hashes that find them. */
export interface Subscriber {
  readonly id: string;
  /** Keyed hash of the folded address; unique. */
  readonly emailKey: string;
  /** The address as it was typed, encrypted. */
  readonly sealedEmail: string;
  readonly components: ComponentChoice;
  /** Stored from the first day, and unused. */
  readonly language: string;
  readonly createdAt: Date;
  /** Absent until the address was confirmed. */
  readonly confirmedAt?: Date | undefined;
  /** Since when the address gets no mail because it was refused for good. */
  readonly suspendedAt?: Date | undefined;
  /** Mails in a row that were refused for good. */
  readonly refusals: number;
  /** Hash of the unsubscribe token; unique. */
  readonly unsubscribeKey: string;
  /** The unsubscribe token, encrypted, for the links of mails. It never expires. */
  readonly sealedUnsubscribe: string;
}

/** A token that confirms, by its hash. */
export interface ConfirmationToken {
  readonly key: string;
  readonly expiresAt: Date;
}

/** A wish to subscribe, its address already folded, hashed and encrypted. */
export interface Wish
  extends Pick<
    Subscriber,
    'emailKey' | 'sealedEmail' | 'components' | 'language' | 'unsubscribeKey' | 'sealedUnsubscribe'
  > {
  /** For the subscriber that it makes, if it makes one. */
  readonly id: string;
  readonly at: Date;
}

/**
 * What became of a wish, for counting only; the answer to the person is the same. `owed`: a confirmation mail is owed.
 * `confirmed`: nothing changed, the address has subscribed. `enough`: it got the most mails of a day.
 */
export type WishOutcome = 'owed' | 'confirmed' | 'enough';

/** What a look at the published snapshot found. */
export interface Look {
  /** The page's address: a look at another page is a mistake. */
  readonly page: string;
  readonly generatedAt: Date;
  /** Every update that the snapshot shows, oldest first within an incident. */
  readonly announcements: readonly Announcement[];
}

/** What came of a look. `other_page` and `older`: nothing was written, because of what the store knows already. */
export type LookOutcome =
  /** Nothing was known before: all that is shown counts as told. */
  | { readonly kind: 'first'; readonly updates: number }
  | { readonly kind: 'owed'; readonly updates: number; readonly mails: number }
  /** The store belongs to this page. */
  | { readonly kind: 'other_page'; readonly page: string }
  /** The snapshot is older than the last one that was looked at, which was made then. */
  | { readonly kind: 'older'; readonly than: Date };

/** A mail that one worker alone has now. */
export interface ClaimedMail {
  readonly claim: string;
  readonly subscriber: Subscriber;
  /** Since when it is owed, the newest of its updates: temporary refusals are retried for a day from then on. */
  readonly owedAt: Date;
  /** How often it was tried before. */
  readonly attempts: number;
  readonly content:
    | { readonly kind: 'confirmation' }
    /** All that is owed of one incident, oldest first. */
    | { readonly kind: 'updates'; readonly announcements: readonly [Announcement, ...Announcement[]] };
}

/** What became of a claimed mail. */
export type MailOutcome = { readonly claim: string } & (
  | { readonly kind: 'accepted' }
  | { readonly kind: 'retry'; readonly at: Date }
  /** It is not owed any longer. `refused`: for good, which counts against the address; `suspend`: it gets no more mail. */
  | { readonly kind: 'dropped'; readonly refused: boolean; readonly suspend: boolean }
);

/** How many there are. `byComponent` counts confirmed subscribers who hear of each of the components that were asked for. */
export interface SubscriberCounts {
  readonly confirmed: number;
  readonly unconfirmed: number;
  readonly suspended: number;
  readonly byComponent: Readonly<Record<string, number>>;
}

/**
 * Who subscribed, what was told and what is owed. Every change is on the disk when it resolves, and whole or not there.
 * Every implementation passes `lib/testing/subscription-store-contract.ts`.
 */
export interface SubscriptionStore {
  /** For messages: a file, or a database without its password. */
  readonly place: string;
  /** Mails that a server may have taken before the store is told of the first: what a crash can repeat at most. */
  readonly unrecordedAtMost: number;
  /**
   * Take a wish. A new or unconfirmed or suspended address is owed a confirmation (an unconfirmed one takes over the newest
   * choice and the new unsubscribe token), at most `confirmationMailsPerDay` a day; for a confirmed one nothing changes.
   * All cases cost the same, one durable write, so that time tells nobody who subscribes.
   */
  subscribe(wish: Wish): Promise<WishOutcome>;
  /**
   * Let this token confirm: its hash, until it expires. Earlier ones that have not expired go on to. False, and no mail is
   * wanted, where nobody waits to be confirmed any more.
   */
  addConfirmation(subscriberId: string, confirmation: ConfirmationToken): Promise<boolean>;
  /** Whom the token with this hash would confirm now. Changes nothing. */
  findByConfirmation(key: string, now: Date): Promise<Subscriber | undefined>;
  /** Use the token up: the subscriber is confirmed, all of its confirmation tokens are gone, a suspension ends. */
  confirm(key: string, now: Date): Promise<Subscriber | undefined>;
  findByUnsubscribe(key: string): Promise<Subscriber | undefined>;
  /** Forget the subscriber and all that is owed to it; whether there was one. */
  unsubscribe(key: string): Promise<boolean>;
  /** Change what the subscriber wants to hear of; whether there is one. */
  choose(key: string, components: ComponentChoice): Promise<boolean>;
  /**
   * Write down which updates were seen and to whom the new ones are owed, at once: to everyone who was confirmed when the
   * snapshot was made, is not suspended and chose a component of the incident. An update that was seen is never owed again;
   * one that is owed still takes over what the snapshot says of it now.
   */
  owe(look: Look, now: Date): Promise<LookOutcome>;
  /**
   * Take up to `limit` mails that are due, each for this worker alone until it is settled or released. Of one subscriber and
   * incident only one is taken at a time. What a worker that died had taken is free again. Nothing for whom unsubscribed.
   */
  claim(options: {
    readonly worker: string;
    readonly limit: number;
    readonly now: Date;
  }): Promise<readonly ClaimedMail[]>;
  /**
   * Which of these claims are still owed: not those of who left since they were taken. It is asked right before mails are
   * sent, one question for many.
   */
  stillOwed(claims: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Record what became of a claimed mail. When it cannot be recorded this rejects, and no more mail may be sent. Nothing
   * happens where the mail is gone, because its subscriber left.
   */
  settle(outcome: MailOutcome, now: Date): Promise<void>;
  /** Give back what was claimed and not tried. */
  release(claims: readonly string[]): Promise<void>;
  /** How many mails are owed, and when the next is due; absent where none is. */
  owed(): Promise<{ readonly mails: number; readonly nextAt?: Date | undefined }>;
  /** Of these incidents, up to which update (its instant) all is told or owed. */
  seen(incidents: readonly IncidentId[]): Promise<ReadonlyMap<IncidentId, Date>>;
  counts(components: readonly string[]): Promise<SubscriberCounts>;
  /** Forget who did not confirm: `unconfirmedSubscriptionHours` after the last token expired; how many. */
  prune(now: Date): Promise<number>;
  /** Whether it can be used right now; rejects with the reason. */
  check(): Promise<void>;
  close(): Promise<void>;
}
