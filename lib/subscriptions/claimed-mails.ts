import type { ClaimedMail, SubscriptionStore } from './subscription-store.ts';

/** Mails that are due, taken from the store some at a time and ahead, so that nobody who sends has to wait. */
export interface ClaimedMails {
  /** The next one, or `undefined` once none is due. */
  next(): Promise<ClaimedMail | undefined>;
  /** Give back what was taken and not handed on. */
  release(): Promise<void>;
}

/** At most so many are taken at once: little is held up when a worker stops. */
const batch = 100;

/** Take what is due for this worker; fetched anew when fewer than `low` are left. */
export function claimedMails(
  { store, worker, clock }: { readonly store: SubscriptionStore; readonly worker: string; readonly clock: () => Date },
  low: number,
): ClaimedMails {
  const ready: ClaimedMail[] = [];
  let filling: Promise<void> | undefined;
  let isDry = false;

  const fill = async () => {
    try {
      const more = await store.claim({ worker, limit: batch, now: clock() });
      isDry = more.length === 0;
      ready.push(...more);
    } finally {
      filling = undefined;
    }
  };
  const fillOnce = () => {
    filling ??= fill();
    return filling;
  };
  return {
    async next() {
      while (ready.length === 0 && !isDry) await fillOnce();
      const mail = ready.shift();
      // Who needs them waits above, and gets the error there.
      if (ready.length < low && !isDry && mail !== undefined) fillOnce().catch(() => undefined);
      return mail;
    },
    async release() {
      await filling?.catch(() => undefined);
      if (ready.length > 0) await store.release(ready.splice(0).map(({ claim }) => claim));
    },
  };
}
