import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { makeFolders } from '../make-folders.ts';

/**
 * Make the file hold `bytes`, so that a reader at any moment, and a machine that lost its power at any moment, sees what
 * it held before or all of `bytes`. It is on the disk when this resolves.
 */
export async function replaceDurably(path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await writeWhole(temporary, bytes, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw notWritten(path, cause);
  }
}

/** Make the file where there is none, whole and on the disk when this resolves; whether there was none. */
export async function createDurably(path: string, bytes: Uint8Array, mode?: number): Promise<boolean> {
  const temporary = temporaryBeside(path);
  try {
    await writeWhole(temporary, bytes, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    await link(temporary, path);
    await syncFolder(dirname(path));
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw notWritten(path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Add `bytes` at the end of the file; they are on the disk when this resolves, and perhaps a part of them when it fails. */
export async function appendDurably(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

/** Give the file another name, on the disk when this resolves. */
export async function moveDurably(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
    await syncFolder(dirname(from));
  } catch (cause) {
    throw notWritten(to, cause);
  }
}

/** Remove the file, from the disk when this resolves. */
export async function removeDurably(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await syncFolder(dirname(path));
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

/** Make the folder, and those on its way, on the disk when this resolves. */
export async function makeFolderDurably(folder: string): Promise<void> {
  try {
    for (const made of await makeFolders(folder)) await syncFolder(dirname(made));
  } catch (cause) {
    throw notWritten(folder, cause);
  }
}

/** Remove what writers that were killed left in the folder. Only for who knows that nobody is writing there. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isTemporary(name)) await rm(join(folder, name), { force: true });
  }
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

function isTemporary(name: string): boolean {
  return /^\..+\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name);
}

async function writeWhole(path: string, bytes: Uint8Array, flags: number, mode?: number): Promise<void> {
  const file = await open(path, flags, mode);
  try {
    await writeAll(file, bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A disk that is filling up takes a part and says so by the count alone. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
    if (bytesWritten === 0) throw new Error(`Only ${at} of ${bytes.length} bytes could be written.`);
    at += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notWritten(path: string, cause: unknown): Failure {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new Failure(`${path} could not be written${reason}; what it held before is as it was.`, {
    fix: 'Check the space on the disk and that this user may write in that folder, then run the command again.',
    cause,
  });
}
