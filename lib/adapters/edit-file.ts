import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** The new text of a file, given its present one (`undefined`: there is none), or `undefined` to leave it alone. */
export type Change = (present: string | undefined) => Promise<string | undefined> | string | undefined;

const patience = { tries: 500, pauseMs: 20 };

/**
 * Change one text file so that readers see the old text or the new one, never a part, and so that no other edit is lost:
 * edits by Candor take turns, and `change` is asked again when an editor saved the file in the meantime.
 * Resolves to whether it was written.
 */
export async function editFile(path: string, change: Change): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const target = await realPathOf(path);
  return inTurn(target, async () => {
    for (;;) {
      const present = await textOf(target);
      const text = await change(present);
      if (text === undefined || text === present) return false;
      if (await replace(target, present, text)) return true;
    }
  });
}

/** Put `text` in the place of `present`; false when the file no longer holds that. */
async function replace(path: string, present: string | undefined, text: string): Promise<boolean> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const mode = present === undefined ? 0o666 : (await stat(path)).mode;
    await writeFile(draft, text, { flag: 'wx', mode, flush: true });
    if (present === undefined) return await linkNew(draft, path);
    if ((await textOf(path)) !== present) return false;
    await rename(draft, path);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

async function linkNew(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  const bytes = await orAbsent(readFile(path));
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Failure(`${path} is not UTF-8 text.`, { fix: 'Save it as UTF-8 first.', cause });
  }
}

async function realPathOf(path: string): Promise<string> {
  return (await orAbsent(realpath(path))) ?? join(await realpath(dirname(path)), basename(path));
}

async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Run `work` while no other process does so for the same path. */
async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = join(tmpdir(), `candor-${createHash('sha256').update(path).digest('hex').slice(0, 32)}.lock`);
  await take(lock, path);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string, path: string): Promise<void> {
  for (let tries = 0; !(await tryToTake(lock)); tries++) {
    if (tries === patience.tries) {
      throw new Failure(`Another command has been editing ${path} for some time.`, {
        fix: `Wait for it; if there is none, remove ${lock}`,
      });
    }
    if (await isAbandoned(lock)) await rm(lock, { force: true });
    else await setTimeout(patience.pauseMs);
  }
}

async function tryToTake(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that took the lock ended without giving it back. */
async function isAbandoned(lock: string): Promise<boolean> {
  const holder = Number(await orAbsent(readFile(lock, 'utf8')));
  if (!Number.isInteger(holder) || holder <= 0) return false;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
