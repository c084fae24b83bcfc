import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { Failure } from '../failure.ts';

/** Somebody else held the lock for as long as was waited. */
export class LockHeld extends Failure {}

/** How long a process waits for its turn before it says so. */
const patienceMs = 30_000;

/** The codes of SQLite that are expected here. */
const busy = 5;
const notADatabase = 26;

/**
 * Run `work` while nobody else, in this process or another of this machine, does so for the same lock file. The kernel
 * lets go of the lock when its holder ends, however it ends. The file stays, empty; nothing may open it but this
 * module, because closing a file gives up every lock that the process has on it.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, waitMs: number = patienceMs): Promise<T> {
  using _held = await holdLock(file, waitMs);
  return await work();
}

/** The same lock, held until it is disposed of or the process ends. */
export async function holdLock(file: string, waitMs: number): Promise<Disposable> {
  const database = open(file);
  try {
    await take(database, file, waitMs);
  } catch (error) {
    database.close();
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (cause) {
    throw unusable(file, cause);
  }
}

/** SQLite is asked again and again, because waiting inside of it would stop everything else in this process. */
async function take(database: DatabaseSync, file: string, waitMs: number): Promise<void> {
  let waited = 0;
  while (!tryToTake(database, file)) {
    if (waited >= waitMs) throw stillHeld(file, waitMs);
    const pause = 2 + Math.random() * Math.min(40, 4 + waited / 8);
    await setTimeout(pause);
    waited += pause;
  }
}

function tryToTake(database: DatabaseSync, file: string): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (codeOf(error) === busy) return false;
    throw unusable(file, error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? error.errcode : undefined;
}

function stillHeld(file: string, waitMs: number): LockHeld {
  return new LockHeld(`Another process has held ${file} for ${Math.round(waitMs / 1000)} seconds.`, {
    fix: 'Wait for it, or end it: the lock is free as soon as it has ended. The file itself may stay.',
  });
}

function unusable(file: string, cause: unknown): Failure {
  if (codeOf(cause) === notADatabase) {
    const fix = 'Move that file away; the lock is an empty file of that name.';
    return new Failure(`${file} should be an empty file, to take turns by, but holds something else.`, { fix, cause });
  }
  return new Failure(`${file} cannot be locked, so the state was not touched.`, {
    fix: 'Check that this user may write in that folder, that the disk is not full, and that it is a local one.',
    cause,
  });
}
