import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Snapshot } from '../../schema/snapshot.ts';
import { Failure } from '../failure.ts';
import { filesBelow } from '../tree.ts';

/** A whole page as a build left it. */
export interface BuiltFolder {
  /** SHA-256 in hex of every file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  readonly snapshot: Snapshot;
  readonly bytes: (path: string) => Promise<Uint8Array>;
}

/** The page in `folder`; `undefined` where there is none: it takes an `index.html` and a `current.json`. */
export async function readBuiltFolder(folder: string): Promise<BuiltFolder | undefined> {
  try {
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
