import { configPath } from '../content/config-file.ts';
import type { SourceFile } from '../content/content.ts';
import { maxFileBytes } from './content-folder.ts';
import { Failure } from './failure.ts';
import { GitError, git } from './git.ts';

/** A plain file of the content as git has it at a commit, unread. */
export interface GitFile {
  readonly id: string;
  readonly path: string;
}

/**
 * The files of the content of `root` as git has them where the present work left `ref`: at their merge base, or at `ref`
 * itself where they share no history. What could not be read from a folder either is left out.
 */
export async function listGitContent(root: string, ref: string): Promise<readonly GitFile[]> {
  const commit = await baseCommit(root, ref);
  const listing = await git(root, ['ls-tree', '-z', commit, '--', configPath, 'components/', 'incidents/', 'probes/']);
  return listing.toString('utf8').split('\0').flatMap(parseEntry);
}

/** Read files of the content from git, without those that are too large to be read from a folder. */
export async function readGitFiles(root: string, entries: readonly GitFile[]): Promise<readonly SourceFile[]> {
  if (entries.length === 0) return [];
  const ids = `${entries.map(({ id }) => id).join('\n')}\n`;
  const batch = await git(root, ['cat-file', '--batch'], ids);
  return readBatch(batch, entries);
}

async function baseCommit(root: string, ref: string): Promise<string> {
  // A name that begins with a hyphen would be an option; git allows none of these characters in a name either.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (ref === '' || /^-|[\u0000-\u0020\u007F]/.test(ref)) throw unknownRef(ref);
  const commit = await revision(root, ref);
  try {
    return (await git(root, ['merge-base', commit, 'HEAD'])).toString('utf8').trim();
  } catch (error) {
    if (error instanceof GitError) return commit;
    throw error;
  }
}

async function revision(root: string, ref: string): Promise<string> {
  await repository(root);
  try {
    const found = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
    return found.toString('utf8').trim();
  } catch (error) {
    throw error instanceof GitError ? unknownRef(ref, error) : error;
  }
}

async function repository(root: string): Promise<void> {
  try {
    await git(root, ['rev-parse', '--git-dir']);
  } catch (error) {
    throw error instanceof GitError ? noRepository(root, error) : error;
  }
}

/** The ref names no commit that git knows: whoever gave it can give another. */
export class UnknownRef extends Failure {}

/** One line of `git ls-tree`: mode, type, id, a tab, and the path. Plain files. */
function parseEntry(line: string): GitFile[] {
  const [, id = '', path = ''] = /^100\d{3} blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
  const wanted = path === configPath || /^(?:(?:components|probes)\/[^/]+\.yml|incidents\/[^/]+\.md)$/.test(path);
  return wanted ? [{ id, path }] : [];
}

/** The answer of `git cat-file --batch`: for each id a line of id, type and size, the bytes, and a line feed. */
function readBatch(batch: Buffer, entries: readonly GitFile[]): SourceFile[] {
  let at = 0;
  return entries.flatMap(({ path }) => {
    const headerEnd = batch.indexOf(10, at);
    const size = Number(batch.toString('latin1', at, headerEnd).split(' ')[2]);
    const bytes = batch.subarray(headerEnd + 1, headerEnd + 1 + size);
    at = headerEnd + size + 2;
    return size <= maxFileBytes ? [{ path, bytes }] : [];
  });
}

function noRepository(root: string, cause: Error): Failure {
  const fix = 'Give --base a folder that holds the content as it was, or run this in a clone.';
  return new Failure(`${root} is in no git repository.`, { fix, cause });
}

function unknownRef(ref: string, cause?: Error): UnknownRef {
  return new UnknownRef(`--base ${JSON.stringify(ref)} is neither a folder nor a commit that git knows here.`, {
    fix: 'Name a branch, a tag or a commit, such as origin/main. In a shallow clone, fetch it first: `git fetch --unshallow`.',
    cause,
  });
}
