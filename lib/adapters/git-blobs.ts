import { createHash } from 'node:crypto';
import { Failure } from './failure.ts';
import { GitError, git } from './git.ts';

/**
 * What git calls the content of each incident's file below `root`, by path, as far as git can tell without reading it: tracked
 * plain files that are the same as when they were added. Empty where there is no git.
 */
export async function incidentBlobs(root: string): Promise<ReadonlyMap<string, string>> {
  try {
    const [listed, modified] = await Promise.all([
      git(root, ['ls-files', '-z', '-s', '-v', '--', 'incidents/']),
      git(root, ['ls-files', '-z', '-m', '--', 'incidents/']),
    ]);
    const blobs = new Map(recordsOf(listed).flatMap(parseEntry));
    for (const path of recordsOf(modified)) blobs.delete(path);
    return blobs;
  } catch (error) {
    // No repository, or no git: whoever asks reads the files.
    if (error instanceof GitError || error instanceof Failure) return new Map();
    throw error;
  }
}

/** What git (with SHA-1) calls a file of these bytes. */
export function blobIdOf(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function recordsOf(listing: Buffer): string[] {
  return listing
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '');
}

/**
 * One record of `git ls-files -s -v`: a tag, mode, id, stage, a tab and the path. `H` is a file that git compares with the
 * folder; any other tag stands for one that it was told not to look at, and another stage for one with a conflict.
 */
function parseEntry(record: string): [string, string][] {
  const [, id, path] = /^H 100\d{3} ([0-9a-f]+) 0\t([\s\S]+)$/.exec(record) ?? [];
  return id === undefined || path === undefined ? [] : [[path, id]];
}
