import type { SubscriptionStore } from '../subscription-store.ts';
import { counts } from './counting.ts';
import { claim, owed, release, settle, stillOwed } from './delivering.ts';
import { owe } from './owing.ts';
import type { Step, StoreState } from './store-state.ts';
import {
  addConfirmation,
  choose,
  confirm,
  findByConfirmation,
  findByUnsubscribe,
  prune,
  subscribe,
  unsubscribe,
} from './subscribing.ts';

/** What keeps a state: it says when a transition may run, and makes its changes last. */
export interface StateKeeper {
  /** Look at the state while all of it lasts. */
  read<T>(look: (state: StoreState) => T): Promise<T>;
  /** Look at the state as it is, with changes that are being written: for who is to know of a change rather too early. */
  glance<T>(look: (state: StoreState) => T): Promise<T>;
  /** Make the changes of a step; they last when this resolves, also where there are none: all steps cost the same. */
  change<T>(decide: (state: StoreState) => Step<T>): Promise<T>;
  /** Make changes that end with the process. */
  mark<T>(decide: (state: StoreState) => Step<T>): Promise<T>;
}

/** The part of a store that transitions of a state do. */
export function storeOverState(
  keeper: StateKeeper,
): Omit<SubscriptionStore, 'place' | 'unrecordedAtMost' | 'check' | 'close'> {
  const { read, glance, change, mark } = keeper;
  return {
    subscribe: (wish) => change((state) => subscribe(state, wish)),
    addConfirmation: (id, token) => change((state) => addConfirmation(state, id, token)),
    findByConfirmation: (key, now) => read((state) => findByConfirmation(state, key, now)),
    confirm: (key, now) => change((state) => confirm(state, key, now)),
    findByUnsubscribe: (key) => read((state) => findByUnsubscribe(state, key)),
    unsubscribe: (key) => change((state) => unsubscribe(state, key)),
    choose: (key, components) => change((state) => choose(state, key, components)),
    owe: (look, now) => change((state) => owe(state, look, now)),
    claim: (options) => mark((state) => claim(state, options)),
    // What was claimed was on the disk then; who is leaving just now counts as gone. So no mail waits for a write.
    stillOwed: (claims) => glance((state) => stillOwed(state, claims)),
    settle: (outcome, now) => change((state) => settle(state, outcome, now)),
    release: (claims) => mark(() => release(claims)),
    owed: () => read(owed),
    seen: (incidents) =>
      read((state) => {
        const known = state.table('seen');
        return new Map(
          incidents.flatMap((id) => [known.get(id)].flatMap((at) => (at === undefined ? [] : [[id, at] as const]))),
        );
      }),
    counts: (components) => read((state) => counts(state, components)),
    prune: (now) => change((state) => prune(state, now)),
  };
}
