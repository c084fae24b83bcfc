import { StoreInUse } from '../../lib/adapters/subscriptions/file-subscriptions.ts';
import { openHousekeeping } from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import type { Context } from './context.ts';
import { sealedPlaceOf } from './subscription-place.ts';

/** Forget who did not confirm; how many. `in_use`: the process that has the file forgets by itself. */
export async function pruneSubscribers(context: Context): Promise<number | 'in_use'> {
  try {
    const store = await openHousekeeping(sealedPlaceOf(context));
    if (store === undefined) return 0;
    try {
      return await store.prune(context.now());
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreInUse) return 'in_use';
    throw error;
  }
}
