import { release } from '../subscriptions/store/delivering.ts';
import { storeOverState } from '../subscriptions/store/store-over-state.ts';
import { StoreState } from '../subscriptions/store/store-state.ts';
import type { SubscriptionStore } from '../subscriptions/subscription-store.ts';

/** A store that forgets everything with the test. It does what the others do, without a disk. */
export function memorySubscriptions(): SubscriptionStore {
  const state = new StoreState();
  return {
    place: 'memory',
    unrecordedAtMost: 32,
    ...storeOverState({
      read: async (look) => look(state),
      glance: async (look) => look(state),
      change: async (decide) => made(state, decide(state)),
      mark: async (decide) => made(state, decide(state)),
    }),
    check: async () => undefined,
    close: async () => {
      made(state, release(Array.from(state.table('claims').keys())));
    },
  };
}

function made<T>(state: StoreState, { value, changes }: { value: T; changes: Parameters<StoreState['apply']>[0] }): T {
  state.apply(changes);
  return value;
}
