import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { jsonOf } from '../../schema/json-text.ts';
import { Snapshot } from '../../schema/snapshot.ts';
import { Failure } from '../failure.ts';
import { exists, filesBelow } from '../tree.ts';

/** A whole page as a build left it. */
export interface BuiltFolder {
  /** SHA-256 in hex of every file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  readonly snapshot: Snapshot;
  readonly bytes: (path: string) => Promise<Uint8Array>;
}

/**
 * The page in `folder`; `undefined` where there is none: it takes an `index.html` and a `current.json`. Links lead to
 * files within the folder, or nothing is read.
 */
export async function readBuiltFolder(folder: string): Promise<BuiltFolder | undefined> {
  try {
    await refuseLinksOut(folder);
    // What a folder keeps for those who publish into it is no part of the page.
    const paths = (await filesBelow(folder)).filter((path) => !path.startsWith('.candor/'));
    if (!paths.includes('index.html') || !paths.includes('current.json')) return undefined;
    const snapshot = Snapshot.safeParse(jsonOf(await readFile(join(folder, 'current.json'), 'utf8'))).data;
    if (snapshot === undefined) return undefined;
    const bytes = (path: string) => readFileSync(join(folder, path));
    const files = new Map(paths.map((path) => [path, createHash('sha256').update(bytes(path)).digest('hex')]));
    return { files, snapshot, bytes: async (path) => bytes(path) };
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new Failure(`The page in ${folder} could not be read.`, {
      fix: 'Make sure that its files are plain files that you may read, then publish again.',
      cause,
    });
  }
}

async function refuseLinksOut(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  const inside = await realpath(folder);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = await realpath(path);
    if (target.startsWith(`${inside}${sep}`)) continue;
    const name = relative(folder, path).split(sep).join('/');
    throw new Failure(`${name} in ${folder} is a link that leads out of that folder.`, {
      fix: 'Remove it, or put a copy of the file in its place, then publish again.',
    });
  }
}
