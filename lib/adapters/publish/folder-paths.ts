import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { makeFolders } from '../make-folders.ts';
import { codeOf } from './folder-errors.ts';

/** What lies at a path. Of what is no plain file nothing is read; its generation says what it is. */
export interface Present {
  readonly generation: string;
  /** Absent where it is no plain file, so that nobody takes it for one of ours. */
  readonly bytes: Buffer | undefined;
}

/** Where publishers keep what is theirs: below it nothing is public content. */
export const ownFolder = '.candor';
/** The file by which processes take turns, and the folder in which files are written before they get their name. */
export const lockFile = `${ownFolder}/.lock`;
export const newFiles = `${ownFolder}/.new`;

/** The SHA-256 of the bytes, in hex: in a folder it is the generation, too. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The file of that path below the folder; a path that leads elsewhere is refused. */
export function fileOf(folder: string, path: string): string {
  const isOdd = path.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (isOdd || path.includes('\0')) {
    throw new Failure(`${JSON.stringify(path)} is no path of a public file, so nothing was done with it.`, {
      fix: 'A path has no empty part, no . and no .. in it. Build the page again.',
    });
  }
  return join(folder, path);
}

/** What lies there; symbolic links are not followed, neither at the end nor on the way. */
export async function lookAt(folder: string, path: string): Promise<Present | undefined> {
  const file = fileOf(folder, path);
  if (await linkOnTheWay(folder, path)) return { generation: 'link', bytes: undefined };
  try {
    const found = await lstat(file);
    if (found.isSymbolicLink())
      return { generation: `link ${hashOf(Buffer.from(await readlink(file)))}`, bytes: undefined };
    if (!found.isFile()) return { generation: found.isDirectory() ? 'folder' : 'special', bytes: undefined };
    const bytes = await readPlainFile(file);
    return { generation: hashOf(bytes), bytes };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function readPlainFile(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Make the folders on the way to the path; resolves to those that were not there. */
export async function makeWay(folder: string, path: string): Promise<string[]> {
  const link = await linkOnTheWay(folder, path);
  if (link !== undefined) {
    throw new Failure(`${link} is a symbolic link, so nothing is written below it: it may lead out of ${folder}.`, {
      fix: 'Remove the link, or make it a folder, then publish again.',
    });
  }
  return makeFolders(dirname(fileOf(folder, path)));
}

/** The first symbolic link among the folders between `folder` and the path's last part. */
async function linkOnTheWay(folder: string, path: string): Promise<string | undefined> {
  let at = folder;
  for (const part of path.split('/').slice(0, -1)) {
    at = join(at, part);
    try {
      if ((await lstat(at)).isSymbolicLink()) return at;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  }
  return undefined;
}

/** Every path below the folder that is no folder, without what publishers need for themselves alone. */
export async function pathsIn(folder: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (path === newFiles || path === lockFile) continue;
    if (entry.isDirectory()) found.push(...(await pathsIn(folder, path)));
    else found.push(path);
  }
  return found;
}
