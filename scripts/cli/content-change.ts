import { statSync } from 'node:fs';
import { type ContentRoot, readContentRoot, readLeftFiles } from '../../lib/adapters/content-folder.ts';
import { type ContentIndex, contentIndex } from '../../lib/adapters/git-blobs.ts';
import { type GitFile, listGitContent, readGitFiles, UnknownRef } from '../../lib/adapters/git-content.ts';
import type { SourceFile } from '../../lib/content/content.ts';
import { modeProblems } from '../../lib/content/mode-problems.ts';
import { decidesAll, sameFiles } from '../../lib/content/unaffected.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { UsageError } from './errors.ts';

/** The content of a root as a change made it: what the change can affect is read, and incidents that are as before are not. */
export interface ContentChange {
  /** `left` are the incidents that the change cannot affect. */
  readonly head: ContentRoot;
  /** What the change begins from, without what was left; `undefined` where the content is looked at as a whole. */
  readonly base: readonly SourceFile[] | undefined;
  /** What is no plain file in git; most of it can be read all the same. */
  readonly odd: readonly Problem[];
}

/** Read the content of `root` and, where `base` names a folder or a commit, what it was there. */
export async function readChange(root: string, base: string | undefined): Promise<ContentChange> {
  const index = contentIndex(root);
  const change = base === undefined ? { head: await readContentRoot(root), base } : await readSince(root, base, index);
  const known = new Set(change.head.problems.map(({ file }) => file));
  return { ...change, odd: modeProblems((await index).odd).filter(({ file }) => !known.has(file)) };
}

type Read = Pick<ContentChange, 'head' | 'base'>;

function readSince(root: string, base: string, index: Promise<ContentIndex>): Promise<Read> {
  const isFolder = statSync(base, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? sinceFolder(root, base) : sinceCommit(root, base, index);
}

async function sinceFolder(root: string, folder: string): Promise<Read> {
  const [head, before] = [await readContentRoot(root), await readContentRoot(folder)];
  const none = before.problems.find(({ rule }) => rule === 'no-content');
  if (none !== undefined) throw wrongFolder(folder, none.message);
  if (decidesAll(before.files, head.files)) return { head, base: before.files };
  const same = sameFiles(before.files, head.files);
  const isLeft = ({ path }: SourceFile) => same.has(path);
  const files = head.files.filter((file) => !isLeft(file));
  return { head: { ...head, files, left: [...same] }, base: before.files.filter((file) => !isLeft(file)) };
}

async function sinceCommit(root: string, ref: string, index: Promise<ContentIndex>): Promise<Read> {
  const [listed, { blobs }] = await Promise.all([filesAt(root, ref), index]);
  const isSame = ({ path, id }: GitFile) => blobs.get(path) === id;
  const same = new Set(listed.filter(isSame).map(({ path }) => path));
  const changed = readGitFiles(
    root,
    listed.filter((file) => !isSame(file)),
  );
  const head = await readContentRoot(root, (path) => !same.has(path));
  const base = await changed;
  if (!decidesAll(base, head.files)) return { head, base };
  const rest = readLeftFiles(root, head.left);
  const whole = {
    files: [...head.files, ...rest.files],
    problems: [...head.problems, ...rest.problems],
    left: [],
  };
  // What is the same on both sides is read once.
  return { head: whole, base: [...base, ...rest.files] };
}

async function filesAt(root: string, ref: string): Promise<readonly GitFile[]> {
  try {
    return await listGitContent(root, ref);
  } catch (error) {
    throw error instanceof UnknownRef ? new UsageError(error.message, error.fix) : error;
  }
}

function wrongFolder(folder: string, why: string): UsageError {
  return new UsageError(`--base ${folder}: ${why}`, 'Name the folder of the content as it was.');
}
