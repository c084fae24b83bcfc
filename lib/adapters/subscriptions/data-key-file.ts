import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newDataKey } from '../../subscriptions/data-keys.ts';
import { Failure } from '../failure.ts';
import { createDurably, replaceDurably } from '../state/durable-file.ts';
import { makeStateFolder } from '../state/state-folder.ts';

/** The file of the data key in the folder of a store. */
export function dataKeyPath(folder: string): string {
  return join(folder, 'data-key');
}

/** The keys in the folder's file, as text; `undefined` where there is no file. */
export async function readDataKeyFile(folder: string): Promise<string | undefined> {
  const path = dataKeyPath(folder);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason given';
    if (code === 'ENOENT') return undefined;
    throw new Failure(`${path} cannot be read (${code}).`, {
      fix: 'Let this user read it; it holds the data key.',
      cause,
    });
  }
}

/** Make a key and its file, for this user's eyes only; what is in it, also if somebody else made it meanwhile. */
export async function makeDataKeyFile(folder: string): Promise<string> {
  await makeStateFolder(folder);
  const key = newDataKey();
  if (await createDurably(dataKeyPath(folder), Buffer.from(`${key}\n`), 0o600)) return key;
  const found = await readDataKeyFile(folder);
  if (found === undefined) throw new Error('A file that could not be made is there.');
  return found;
}

/** Put other keys into the file. */
export async function replaceDataKeyFile(folder: string, keys: string): Promise<void> {
  await replaceDurably(dataKeyPath(folder), Buffer.from(`${keys}\n`), 0o600);
}

/** Whether others than its user may read the file. */
export async function isExposed(folder: string): Promise<boolean> {
  return ((await stat(dataKeyPath(folder))).mode & 0o077) !== 0;
}
