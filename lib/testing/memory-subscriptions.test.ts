import { memorySubscriptions } from './memory-subscriptions.ts';
import { subscriptionStoreContract } from './subscription-store-contract.ts';

subscriptionStoreContract('memory', async () => {
  const store = memorySubscriptions();
  return { open: async () => store, [Symbol.asyncDispose]: async () => undefined };
});
