import { join } from 'node:path';
import type { SubscriptionPlace } from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import type { Context } from './context.ts';
import { environmentSettings } from './environment-settings.ts';
import { localState } from './local-state.ts';

/** Where the command line and the environment say that subscribers are kept: never in a bucket, nor on the state's branch. */
export function subscriptionPlaceOf(context: Pick<Context, 'root' | 'state' | 'env'>): SubscriptionPlace {
  const { databaseUrl, dataKey } = environmentSettings(context, ['DATABASE_URL', 'CANDOR_DATA_KEY']);
  return { ...sealedPlaceOf(context), databaseUrl, dataKey };
}

/** The same for who needs no key: counts, export and forgetting. */
export function sealedPlaceOf(context: Pick<Context, 'root' | 'state' | 'env'>): SubscriptionPlace {
  const { databaseUrl } = environmentSettings(context, ['DATABASE_URL']);
  return { folder: join(localState(context), 'subscribers'), databaseUrl };
}
