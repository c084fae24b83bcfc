import type { SealedSubscriber } from '../subscriber-secrets.ts';
import type { ManagedStore } from '../subscription-archive.ts';
import type { StateKeeper } from './store-over-state.ts';
import type { Change, Step, StoreState } from './store-state.ts';
import { changesOf, everythingIn, isEmpty } from './stored-records.ts';

/** What those who run a store do with a state. */
export function archiveOverState({
  read,
  change,
}: StateKeeper): Pick<ManagedStore, 'everything' | 'isEmpty' | 'fill' | 'rekey'> {
  return {
    everything: () => read(everythingIn),
    isEmpty: () => read(isEmpty),
    fill: (content) =>
      change((state) =>
        isEmpty(state) ? { value: true, changes: changesOf(content) } : { value: false, changes: [] },
      ),
    rekey: (key, reseal) => change((state) => rekeyed(state, key, reseal)),
  };
}

function rekeyed(state: StoreState, key: string, reseal: (sealed: SealedSubscriber) => SealedSubscriber): Step<number> {
  const subscribers = Array.from(state.table('subscribers').values());
  const changes = subscribers.map((one): Change => {
    return { table: 'subscribers', key: one.id, value: { ...one, ...reseal(one) } };
  });
  return { value: subscribers.length, changes: [{ table: 'key', key: 'key', value: key }, ...changes] };
}
