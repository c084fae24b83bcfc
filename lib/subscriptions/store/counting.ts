import { isMeant } from '../news.ts';
import type { SubscriberCounts } from '../subscription-store.ts';
import type { StoreState } from './store-state.ts';
import { isActive } from './subscribing.ts';

/** How many subscribers there are: see `SubscriptionStore.counts`. */
export function counts(state: StoreState, components: readonly string[]): SubscriberCounts {
  const all = Array.from(state.table('subscribers').values());
  const active = all.filter(isActive);
  const suspended = all.filter(({ suspendedAt }) => suspendedAt !== undefined).length;
  return {
    confirmed: active.length,
    suspended,
    unconfirmed: all.length - active.length - suspended,
    byComponent: Object.fromEntries(
      components.map((id) => [id, active.filter((one) => isMeant(one.components, [id])).length]),
    ),
  };
}
