import { setImmediate } from 'node:timers/promises';
import type { StateKeeper } from '../../subscriptions/store/store-over-state.ts';
import type { Change, Step, StoreState } from '../../subscriptions/store/store-state.ts';

/** Something that waits for its turn at the state. */
interface Waiting {
  /** Decide, and make the changes in memory; what remains to be told is told once they last, or that they do not. */
  readonly begin: () => Begun;
  readonly writes: boolean;
}

interface Begun {
  readonly undo: readonly Change[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Keeps a state whose every change is written as a whole: all changes that arrive while a write is under way share the
 * next one. Nobody sees a change before it lasts, but by `glance`. Where a write fails, its changes are taken back and rejected with its
 * error, and the next write is tried anew.
 */
export class SharedWrites implements StateKeeper {
  readonly #state: StoreState;
  readonly #save: () => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #hasFailed = false;

  constructor(state: StoreState, save: () => Promise<void>) {
    this.#state = state;
    this.#save = save;
  }

  readonly read = <T>(look: (state: StoreState) => T): Promise<T> => {
    return this.#enter(false, (state) => ({ value: look(state), changes: [] }));
  };

  readonly glance = async <T>(look: (state: StoreState) => T): Promise<T> => look(this.#state);

  readonly change = <T>(decide: (state: StoreState) => Step<T>): Promise<T> => this.#enter(true, decide);

  readonly mark = <T>(decide: (state: StoreState) => Step<T>): Promise<T> => this.#enter(false, decide);

  /** Whether changes are taken: after a write that failed, by another one. */
  check(): Promise<void> {
    return this.#enter(this.#hasFailed, () => ({ value: undefined, changes: [] }));
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  #enter<T>(writes: boolean, decide: (state: StoreState) => Step<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const begin = (): Begun => {
        try {
          const { value, changes } = decide(this.#state);
          return { undo: this.#state.apply(changes), done: () => resolve(value), failed: reject };
        } catch (error) {
          return { undo: [], done: () => reject(error), failed: () => reject(error) };
        }
      };
      this.#waiting.push({ begin, writes });
      this.#working ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Who was just answered, or has just arrived, may ask at once: all of them share this write, not the one after it.
      await setImmediate();
      const turn = this.#waiting.splice(0);
      for (const { begin } of turn.filter(({ writes }) => !writes)) begin().done();
      await this.#write(turn.filter(({ writes }) => writes));
    }
    this.#working = undefined;
  }

  async #write(turn: readonly Waiting[]): Promise<void> {
    if (turn.length === 0) return;
    const begun = turn.map(({ begin }) => begin());
    try {
      await this.#save();
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = true;
      for (const { undo } of begun.toReversed()) this.#state.apply(undo);
      for (const { failed } of begun) failed(error);
      return;
    }
    for (const { done } of begun) done();
  }
}
