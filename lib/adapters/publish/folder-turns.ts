import { Failure } from '../failure.ts';
import { LockHeld, withLock } from '../state/process-lock.ts';

/**
 * Turns of several processes at one folder, and of several writes of this process at one file. Writes of different files
 * of this process go on together under one lock, which is given up as soon as none is left.
 */
export class Turns {
  readonly #file: string;
  readonly #begin: () => Promise<void>;
  readonly #ofPath = new Map<string, Promise<unknown>>();
  #running = 0;
  #taken: Promise<void> | undefined;
  #giveUp: (() => void) | undefined;
  #given: Promise<void> = Promise.resolve();

  /** `begin` is done each time that the lock has been taken, before anything else. */
  constructor(file: string, begin: () => Promise<void>) {
    this.#file = file;
    this.#begin = begin;
  }

  /** Do the work for the path when it is its turn. */
  take<T>(path: string, work: () => Promise<T>): Promise<T> {
    const before = this.#ofPath.get(path) ?? Promise.resolve();
    const result = before.then(() => this.#locked(work));
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#ofPath.set(path, ended);
    void ended.then(() => {
      if (this.#ofPath.get(path) === ended) this.#ofPath.delete(path);
    });
    return result;
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      this.#taken ??= this.#lock();
      await this.#taken;
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) {
        this.#taken = undefined;
        this.#giveUp?.();
        await this.#given;
      }
    }
  }

  /** Resolves when the lock is taken; it is kept until `#giveUp` is called. */
  async #lock(): Promise<void> {
    await this.#given;
    const taken = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    this.#giveUp = done.resolve;
    const whole = withLock(this.#file, async () => {
      await this.#begin();
      taken.resolve();
      await done.promise;
    });
    this.#given = whole.catch((error: unknown) => taken.reject(this.#notTaken(error)));
    await taken.promise;
  }

  #notTaken(error: unknown): unknown {
    if (error instanceof LockHeld) {
      return new Failure('Another process has been publishing into the same folder for half a minute.', {
        fix: `Wait for it, or end it, then publish again. The file ${this.#file} itself may stay.`,
        cause: error,
      });
    }
    if (!(error instanceof Failure)) return error;
    return new Failure(`${this.#file} cannot be locked, so nothing was published.`, { fix: error.fix, cause: error });
  }
}
