import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import {
  appendDurably,
  makeFolderDurably,
  moveDurably,
  removeDurably,
  removeLeftovers,
  replaceDurably,
} from './durable-file.ts';
import { withLock } from './process-lock.ts';
import {
  type ChangingFiles,
  FileFault,
  isStatePath,
  type PresentFiles,
  type StateFiles,
  setAsideFolder,
} from './state-files.ts';
import { makeStateFolder } from './state-folder.ts';

/** The name of the file by which writers take turns. */
const lockName = '.lock';

/** The files of the state in a folder of this machine. Reading makes nothing there. */
export function folderFiles(folder: string): StateFiles {
  return {
    place: folder,
    options: '',
    look: (work) => work(present(folder)),
    change: async (work) => {
      await makeStateFolder(folder);
      return withLock(join(folder, lockName), async () => {
        await removeLeftovers(folder);
        return work(changing(folder));
      });
    },
  };
}

function present(folder: string): PresentFiles {
  return {
    read: (path, maxBytes) => readWhole(folder, path, maxBytes),
    list: async () => {
      const aside = (await namesIn(join(folder, setAsideFolder))).map((name) => `${setAsideFolder}/${name}`);
      return [...(await namesIn(folder)), ...aside].filter(isStatePath).sort();
    },
  };
}

function changing(folder: string): ChangingFiles {
  return {
    ...present(folder),
    replace: async (path, bytes) => {
      if (path.startsWith(`${setAsideFolder}/`)) await makeFolderDurably(join(folder, setAsideFolder));
      await replaceDurably(join(folder, path), bytes);
    },
    remove: (path) => removeDurably(join(folder, path)),
    append: (path, bytes) => appendDurably(join(folder, path), bytes),
    move: async (from, to) => {
      await makeFolderDurably(join(folder, setAsideFolder));
      await moveDurably(join(folder, from), join(folder, to));
    },
  };
}

async function readWhole(folder: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    return await readFileOf(join(folder, path), maxBytes);
  } catch (error) {
    if (error instanceof FileFault) throw error;
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw noFolder(folder, error);
    throw new FileFault(`cannot be read (${code ?? 'no reason given'})`, { cause: error });
  }
}

/** Opened without waiting, so that a pipe in the file's place does not hold the reader for ever. */
async function readFileOf(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw new FileFault('is a folder, not a file');
    if (!found.isFile()) throw new FileFault('is no plain file');
    if (found.size > maxBytes) throw new FileFault(`is larger than ${maxBytes / 1024 / 1024} MiB`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    if (codeOf(error) === 'ENOTDIR') throw noFolder(folder, error);
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function noFolder(folder: string, cause: unknown): Failure {
  return new Failure(`${folder} is no folder, so no state can be kept there.`, {
    fix: 'Give --state a folder.',
    cause,
  });
}
