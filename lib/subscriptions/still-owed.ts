import type { SubscriptionStore } from './subscription-store.ts';

/**
 * Asks the store whether one claimed mail is still owed. What is asked while a question is under way is asked together in
 * the next one, so that many mails at once cost few questions.
 */
export function stillOwedAsker(store: Pick<SubscriptionStore, 'stillOwed'>): (claim: string) => Promise<boolean> {
  let waiting: string[] = [];
  let next: Promise<ReadonlySet<string>> | undefined;
  let current: Promise<unknown> = Promise.resolve();

  const ask = async (before: Promise<unknown>) => {
    await before.catch(() => undefined);
    const claims = waiting;
    waiting = [];
    next = undefined;
    return store.stillOwed(claims);
  };
  return async (claim) => {
    waiting.push(claim);
    if (next === undefined) {
      next = ask(current);
      current = next;
    }
    return (await next).has(claim);
  };
}
