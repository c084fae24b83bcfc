import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { moveDurably, replaceDurably } from '../state/durable-file.ts';
import { codeOf, folderFailure } from './folder-errors.ts';
import { type FolderHead, headOf, type Ownership } from './folder-owner.ts';
import {
  fileOf,
  hashOf,
  lockFile,
  lookAt,
  makeWay,
  newFiles,
  ownFolder,
  type Present,
  pathsIn,
} from './folder-paths.ts';
import { Turns } from './folder-turns.ts';
import type { ObjectFacts, PublicObject, PublishTarget, PutOutcome } from './publish-target.ts';

/**
 * Publish into an absolute folder of this machine: plain files, exactly the bytes that were built. A file's generation is
 * its hash. What `.candor/head.json` does not name is somebody else's: it has no hash and no edition.
 */
export function folderTarget(folder: string): PublishTarget {
  return new FolderTarget(folder);
}

/** How many files are read or brought to the disk at once. */
const atOnce = 16;

class FolderTarget implements PublishTarget {
  readonly place: string;
  readonly #turns: Turns;
  /** Files and folders that are written and perhaps not yet on the disk. */
  readonly #unsynced = new Set<string>();
  #known: { readonly mark: string; readonly head: Promise<FolderHead> } | undefined;

  constructor(folder: string) {
    this.place = folder;
    this.#turns = new Turns(join(folder, lockFile), () => removeLeftovers(join(folder, newFiles)));
  }

  async list(): Promise<ReadonlyMap<string, ObjectFacts>> {
    try {
      const head = await headOf(this.place);
      const paths = await this.#paths();
      const found = new Map<string, ObjectFacts>();
      await inGroups(paths, async (path) => {
        const present = await lookAt(this.place, path);
        if (present !== undefined) found.set(path, factsOf(path, present, await head.ownershipOf(path)));
      });
      return found;
    } catch (cause) {
      throw folderFailure(this.place, 'could not be looked through', cause);
    }
  }

  async read(path: string): Promise<{ bytes: Uint8Array; facts: ObjectFacts } | undefined> {
    const present = await this.#look(path);
    if (present?.bytes === undefined) return undefined;
    return { bytes: present.bytes, facts: await this.#factsOf(path, present) };
  }

  async stat(path: string): Promise<ObjectFacts | undefined> {
    const present = await this.#look(path);
    return present && this.#factsOf(path, present);
  }

  async put({ path, bytes, edition }: PublicObject, generation: string | undefined): Promise<PutOutcome> {
    const file = fileOf(this.place, path);
    try {
      await this.#makeOwnFolders();
      return await this.#turns.take(path, async () => {
        const present = await lookAt(this.place, path);
        const isStale = present?.generation !== generation || (await this.#head()).isTaken(path, edition);
        if (isStale) return { kind: 'conflict', present: present && (await this.#factsOf(path, present)) };
        const hash = hashOf(bytes);
        if (hash !== generation) await this.#write(path, file, bytes);
        return { kind: 'written', generation: hash };
      });
    } catch (cause) {
      throw folderFailure(file, 'could not be written', cause);
    }
  }

  async remove(path: string, generation: string): Promise<'removed' | 'conflict'> {
    const file = fileOf(this.place, path);
    if ((await this.#look(path)) === undefined) return 'removed';
    try {
      await this.#makeOwnFolders();
      return await this.#turns.take(path, async () => {
        const present = await lookAt(this.place, path);
        if (present !== undefined && present.generation !== generation) return 'conflict';
        await rm(file, { force: true });
        return 'removed';
      });
    } catch (cause) {
      throw folderFailure(file, 'could not be deleted', cause);
    }
  }

  async #paths(): Promise<string[]> {
    try {
      return await pathsIn(this.place);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw codeOf(error) === 'ENOTDIR' ? noFolder(this.place, error) : error;
    }
  }

  async #look(path: string): Promise<Present | undefined> {
    try {
      return await lookAt(this.place, path);
    } catch (cause) {
      throw folderFailure(fileOf(this.place, path), 'could not be read', cause);
    }
  }

  async #factsOf(path: string, present: Present): Promise<ObjectFacts> {
    const head = await this.#head();
    return factsOf(path, present, await head.ownershipOf(path));
  }

  /** Read again only after it was written. */
  async #head(): Promise<FolderHead> {
    const mark = await markOf(join(this.place, ownFolder, 'head.json'));
    if (this.#known?.mark !== mark) this.#known = { mark, head: headOf(this.place) };
    return this.#known.head;
  }

  async #makeOwnFolders(): Promise<void> {
    try {
      for (const made of await makeWay(this.place, `${newFiles}/x`)) this.#unsynced.add(made);
    } catch (error) {
      throw codeOf(error) === 'ENOTDIR' || codeOf(error) === 'EEXIST' ? noFolder(this.place, error) : error;
    }
  }

  async #write(path: string, file: string, bytes: Uint8Array): Promise<void> {
    const fresh = join(this.place, newFiles, randomUUID());
    try {
      for (const made of await makeWay(this.place, path)) this.#unsynced.add(made);
      if (mustLast(path)) await this.#writeForGood(fresh, file, bytes);
      else {
        await writeFile(fresh, bytes, { flag: 'wx' });
        await rename(fresh, file);
        this.#unsynced.add(file);
      }
    } catch (error) {
      await rm(fresh, { force: true });
      throw causeOf(error) ?? error;
    }
  }

  /** A file that others are judged by reaches the disk, and before it everything that it may tell of. */
  async #writeForGood(fresh: string, file: string, bytes: Uint8Array): Promise<void> {
    const written = [...this.#unsynced];
    await inGroups(written, sync);
    await inGroups([...new Set(written.map((path) => dirname(path)))], sync);
    for (const path of written) this.#unsynced.delete(path);
    await replaceDurably(fresh, bytes);
    await moveDurably(fresh, file);
  }
}

/** What publishers go by, and what the public is told last. */
function mustLast(path: string): boolean {
  return path === 'current.json' || path.startsWith(`${ownFolder}/`);
}

function factsOf(path: string, { generation, bytes }: Present, { owns, editionOf }: Ownership): ObjectFacts {
  const isOurs = bytes !== undefined && owns(path);
  return {
    generation,
    hash: isOurs ? generation : undefined,
    edition: isOurs ? editionOf(path, generation) : undefined,
  };
}

/** Changes when another file takes its place. */
async function markOf(file: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await lstat(file, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return 'none';
    throw error;
  }
}

async function inGroups(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const rest = paths.values();
  const worker = async () => {
    for (const path of rest) await work(path);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Bring a file or folder to the disk; one that is gone meanwhile needs no bringing. */
async function sync(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** Whoever has the lock knows that what lies here belongs to somebody who was killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** What the system said, below the words of who met it first. */
function causeOf(error: unknown): unknown {
  return error instanceof Failure && codeOf(error.cause) !== undefined ? error.cause : undefined;
}

function noFolder(folder: string, cause: unknown): Failure {
  return new Failure(`${folder} is no folder, so nothing can be published there.`, {
    fix: 'Give --to a folder, or gs://BUCKET/PREFIX.',
    cause,
  });
}
