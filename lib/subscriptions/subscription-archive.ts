import type { StoredSubscriptions } from '../schema/stored-subscription.ts';
import type { SealedSubscriber } from './subscriber-secrets.ts';
import type { SubscriptionStore } from './subscription-store.ts';

/** What may be done without a key: all of it is sealed. */
export type SubscriptionHousekeeping = Pick<ManagedStore, 'counts' | 'prune' | 'everything' | 'close'>;

/** A store as those who run it need it beside its daily work: to bring it elsewhere, and under another key. */
export interface ManagedStore extends SubscriptionStore {
  /** Everything, as of one moment. */
  everything(): Promise<StoredSubscriptions>;
  /** Whether nobody subscribed and no page was seen. */
  isEmpty(): Promise<boolean>;
  /** Become this, all of it or nothing; false, and nothing, where the store is not empty. */
  fill(content: StoredSubscriptions): Promise<boolean>;
  /** Put what is sealed of every subscriber under another key, all of it or nothing; how many there are. */
  rekey(key: string, reseal: (sealed: SealedSubscriber) => SealedSubscriber): Promise<number>;
}
