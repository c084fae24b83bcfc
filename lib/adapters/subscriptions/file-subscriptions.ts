import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { archiveOverState } from '../../subscriptions/store/archive-over-state.ts';
import { type StateKeeper, storeOverState } from '../../subscriptions/store/store-over-state.ts';
import { StoreState } from '../../subscriptions/store/store-state.ts';
import type { ManagedStore } from '../../subscriptions/subscription-archive.ts';
import { Failure } from '../failure.ts';
import { removeLeftovers } from '../state/durable-file.ts';
import { holdLock, LockHeld } from '../state/process-lock.ts';
import { makeStateFolder } from '../state/state-folder.ts';
import { type KeyIds, mustBeUnder } from './key-ids.ts';
import { SharedWrites } from './shared-writes.ts';
import { readSubscriberFile, SubscriberFile } from './subscriber-file.ts';

/** From so many subscribers on a database serves better than a file that is written as a whole. */
export const manySubscribers = 20_000;

const fileName = 'subscribers.json';

/**
 * The store in a folder of this machine, for this process alone until it is closed. `keys` are the ids of data keys, the
 * one in use first: it must be under one of them, and what is made where there is none is under the first.
 */
export async function openFileSubscriptions(folder: string, keys: KeyIds): Promise<ManagedStore> {
  const lock = await lockFolder(folder);
  try {
    await removeLeftovers(folder);
    const path = join(folder, fileName);
    const state = new StoreState();
    state.apply([{ table: 'key', key: 'key', value: keys[0] }]);
    const db = new Low<StoreState>(new SubscriberFile(path), state);
    await db.read();
    mustBeUnder(path, db.data.key, keys);
    return storeIn(path, db, lock);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/** What the file of the folder says at the moment, also while another process has it; `undefined` where there is none. */
export function lookIntoFile(folder: string): Promise<StoreState | undefined> {
  return readSubscriberFile(join(folder, fileName));
}

/** Another process has the store. */
export class StoreInUse extends Failure {}

async function lockFolder(folder: string): Promise<Disposable> {
  await makeStateFolder(folder);
  try {
    await chmod(folder, 0o700);
    return await holdLock(join(folder, '.lock'), 0);
  } catch (cause) {
    if (!(cause instanceof LockHeld)) throw cause;
    throw new StoreInUse(
      `The subscribers in ${folder} are in use by another process, \`candor serve\` or \`candor start\` most likely.`,
      {
        fix: 'A file serves one process at a time: end the other one first, or set DATABASE_URL, where several may work at once.',
        cause,
      },
    );
  }
}

function storeIn(path: string, db: Low<StoreState>, lock: Disposable): ManagedStore {
  const writes = new SharedWrites(db.data, () => db.write());
  let isClosed = false;
  const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isClosed) throw new Error(`${path} was closed, and is used still.`);
    return work();
  };
  const keeper: StateKeeper = {
    read: (look) => whileOpen(() => writes.read(look)),
    glance: (look) => whileOpen(() => writes.glance(look)),
    change: (decide) => whileOpen(() => writes.change(decide)),
    mark: (decide) => whileOpen(() => writes.mark(decide)),
  };
  return {
    place: path,
    // Each write is one of all the file: with fewer in it, the disk would be the speed of the mail.
    unrecordedAtMost: 128,
    ...storeOverState(keeper),
    ...archiveOverState(keeper),
    check: () => whileOpen(() => writes.check()),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await writes.settled();
      lock[Symbol.dispose]();
    },
  };
}
