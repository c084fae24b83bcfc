import { createHash } from 'node:crypto';
import { Failure } from './failure.ts';
import { GitError, git } from './git.ts';

/**
 * What git calls the content of each incident's file below `root`, by path, as far as git can tell without reading it: tracked
 * plain files that are the same as when they were added. Empty where there is no git.
 */
export async function incidentBlobs(root: string): Promise<ReadonlyMap<string, string>> {
  return (await contentIndex(root, ['incidents/'])).blobs;
}

/** What the index of git has of the content below a root. */
export interface ContentIndex {
  /** What `incidentBlobs` tells. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Paths with their modes that are no plain files: links, submodules, and files that may be run. */
  readonly odd: readonly { readonly path: string; readonly mode: string }[];
}

/** All of that with one look at the index; `paths` say how much of the content. */
export async function contentIndex(root: string, paths: readonly string[] = contentPaths): Promise<ContentIndex> {
  try {
    const [listed, modified] = await Promise.all([
      git(root, ['--literal-pathspecs', 'ls-files', '-z', '-s', '-v', '--', ...paths]),
      git(root, ['--literal-pathspecs', 'ls-files', '-z', '-m', '--', 'incidents/']),
    ]);
    const records = recordsOf(listed);
    const blobs = new Map(records.flatMap(parseEntry));
    for (const path of recordsOf(modified)) blobs.delete(path);
    return { blobs, odd: records.flatMap(parseOdd) };
  } catch (error) {
    // No repository, or no git: whoever asks reads the files.
    if (error instanceof GitError || error instanceof Failure) return { blobs: new Map(), odd: [] };
    throw error;
  }
}

const contentPaths: readonly string[] = [
  'incidents/',
  'components/',
  'probes/',
  'incidents',
  'components',
  'probes',
  'status.config.yml',
];

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
  const [, id, path] = /^H 100\d{3} ([0-9a-f]+) 0\t(incidents\/[\s\S]+)$/.exec(record) ?? [];
  return id === undefined || path === undefined ? [] : [[path, id]];
}

function parseOdd(record: string): { path: string; mode: string }[] {
  if (record.startsWith('100644 ', 2)) return [];
  const [, mode, path] = /^[A-Za-z?] (\d{6}) [0-9a-f]+ \d\t([\s\S]+)$/.exec(record) ?? [];
  return mode === undefined || path === undefined ? [] : [{ path, mode }];
}
