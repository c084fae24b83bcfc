import fc from 'fast-check';
import { expect } from 'vitest';
import type { ClaimedMail, SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { memorySubscriptions } from './memory-subscriptions.ts';
import { announcement, look, on, wish } from './subscription-builders.ts';
import type { MakeSubscriptionPlace } from './subscription-store-contract.ts';

/** What happens to a store; who, which and what are small numbers, so that things meet. */
type Happening =
  | { readonly kind: 'wish' | 'leave' | 'choose' | 'confirm' | 'find'; readonly who: number; readonly choice: number }
  | { readonly kind: 'look'; readonly updates: number }
  | { readonly kind: 'send'; readonly most: number; readonly outcomes: readonly number[] }
  | { readonly kind: 'prune' | 'reopen' };

interface Step {
  readonly happening: Happening;
  /** How long after the one before. */
  readonly minutes: number;
}

const who = fc.nat({ max: 3 });
const choice = fc.nat({ max: 3 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wish' as const), who, choice }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('confirm' as const), who, choice }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('leave', 'choose', 'find'), who, choice }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('look' as const), updates: fc.nat({ max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      most: fc.nat({ max: 6 }),
      outcomes: fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('prune', 'reopen') }) },
);
const minutes = fc.oneof({ weight: 8, arbitrary: fc.nat({ max: 90 }) }, fc.nat({ max: 3 * 24 * 60 }));
const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ happening, minutes }), { minLength: 5, maxLength: 40 });

/** Whatever happens, the store of the place answers as the one in memory does. */
export async function expectSameHistories(makePlace: MakeSubscriptionPlace, numRuns: number): Promise<void> {
  const history = async (open: () => Promise<SubscriptionStore>, happened: readonly Step[]) => {
    const run = new Run(open);
    for (const step of happened) await run.step(step);
    return run.answers;
  };
  await fc.assert(
    fc.asyncProperty(steps, async (happened) => {
      await using place = await makePlace();
      const memory = memorySubscriptions();
      const expected = await history(async () => memory, happened);
      expect(await history(place.open, happened)).toEqual(expected);
    }),
    { numRuns, endOnFailure: true },
  );
}

const choices = ['all', ['payments'], ['orders'], ['payments', 'orders']] as const;

/** One store that things happen to, and what it answered. */
class Run {
  readonly answers: unknown[] = [];
  readonly #open: () => Promise<SubscriptionStore>;
  #store: SubscriptionStore | undefined;
  #now = on('09:00:00');
  #wishes = 0;
  #tokens = 0;
  #shown: ReturnType<typeof announcement>[] = [];

  constructor(open: () => Promise<SubscriptionStore>) {
    this.#open = open;
  }

  async step({ happening, minutes }: Step): Promise<void> {
    this.#now = new Date(this.#now.getTime() + minutes * 60_000);
    this.#store ??= await this.#open();
    this.answers.push([happening.kind, await this.#answer(this.#store, happening)]);
    if (this.#store === undefined) return;
    this.answers.push(await this.#store.owed(), await this.#store.counts(['payments', 'orders']));
  }

  async #answer(store: SubscriptionStore, happening: Happening): Promise<unknown> {
    const now = this.#now;
    switch (happening.kind) {
      case 'wish': {
        this.#wishes += 1;
        const made = wish(`person-${happening.who}`, { at: now.toISOString(), nth: this.#wishes });
        return store.subscribe({ ...made, components: choices[happening.choice] ?? 'all' });
      }
      case 'confirm':
        return this.#each(happening.choice, (key) => store.confirm(`confirm-${key}`, now));
      case 'leave':
        return this.#each(happening.who, (nth) => store.unsubscribe(this.#leaveKey(happening.who, nth)));
      case 'choose':
        return this.#each(happening.who, (nth) => {
          return store.choose(this.#leaveKey(happening.who, nth), choices[happening.choice] ?? 'all');
        });
      case 'find':
        return this.#each(happening.who, (nth) => store.findByUnsubscribe(this.#leaveKey(happening.who, nth)));
      case 'look':
        return this.#look(store, happening.updates);
      case 'send':
        return this.#send(store, happening.most, happening.outcomes);
      case 'prune':
        return store.prune(now);
      case 'reopen':
        await store.close();
        this.#store = undefined;
        return 'closed';
    }
  }

  /** The newest few of what was given out. */
  async #each<T>(count: number, ask: (number: number) => Promise<T>): Promise<T[]> {
    const answers: T[] = [];
    for (let back = 0; back <= count; back++) answers.push(await ask(Math.max(this.#wishes, this.#tokens) - back));
    return answers;
  }

  #leaveKey(who: number, nth: number): string {
    return `leave-person-${who}-${nth}`;
  }

  async #look(store: SubscriptionStore, updates: number): Promise<unknown> {
    const at = (back: number) => new Date(this.#now.getTime() - back * 1000).toISOString();
    const about = [['payments'], ['orders'], []];
    for (let number = 0; number < updates; number++) {
      const incident = number % 2 === 0 ? 'one' : 'two';
      const text = `${incident} at ${this.answers.length}`;
      const components = about[(number + this.answers.length) % 3] ?? [];
      const changed = number === 2 ? ['orders'] : [];
      this.#shown.push(announcement(incident, { at: at(10 - number), text, components, changed }));
    }
    const seen = await store.owe(look(this.#now.toISOString(), this.#shown), this.#now);
    const ids = this.#shown.map(({ incident }) => incident.id);
    return [seen, Array.from(await store.seen(ids)).sort()];
  }

  /** Claims, and says of each mail one of the outcomes; in the order of what they are, because stores may choose theirs. */
  async #send(store: SubscriptionStore, most: number, outcomes: readonly number[]): Promise<unknown> {
    const claimed = await store.claim({ worker: 'one', limit: 1000, now: this.#now });
    const mails = claimed.toSorted((a, b) => (named(a) < named(b) ? -1 : 1));
    await store.release(mails.slice(most).map(({ claim }) => claim));
    for (const [number, mail] of mails.slice(0, most).entries()) {
      if (mail.content.kind === 'confirmation') {
        this.#tokens += 1;
        const expiresAt = new Date(this.#now.getTime() + 24 * 3_600_000);
        await store.addConfirmation(mail.subscriber.id, { key: `confirm-${this.#tokens}`, expiresAt });
      }
      await this.#settle(store, mail.claim, outcomes[number % outcomes.length] ?? 0);
    }
    return mails.map(({ claim, ...mail }) => mail);
  }

  async #settle(store: SubscriptionStore, claim: string, outcome: number): Promise<void> {
    const now = this.#now;
    if (outcome <= 2) return store.settle({ claim, kind: 'accepted' }, now);
    if (outcome === 3) return store.settle({ claim, kind: 'retry', at: new Date(now.getTime() + 600_000) }, now);
    if (outcome === 4) return store.settle({ claim, kind: 'dropped', refused: false, suspend: false }, now);
    if (outcome === 5) return store.settle({ claim, kind: 'dropped', refused: true, suspend: false }, now);
    return store.settle({ claim, kind: 'dropped', refused: true, suspend: true }, now);
  }
}

function named({ subscriber, content }: ClaimedMail): string {
  return `${subscriber.emailKey} ${content.kind === 'updates' ? content.announcements[0].incident.id : ''}`;
}
