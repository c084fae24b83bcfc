import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { GitError, git, gitLine, gitLineOrNone } from './git.ts';
import {
  type EditCommit,
  editIndex,
  type FolderEdit,
  headOf,
  makeEditCommit,
  moveHead,
  refreshIndex,
} from './git-commit.ts';

/** What pushing an edit came to: the commit (none: there was nothing to change), and whether the branch here went along. */
export interface Pushed {
  readonly commit: EditCommit | undefined;
  /** `remote/branch`, for people. */
  readonly to: string;
  readonly isLocal: boolean;
}

/**
 * Make the edit as one commit on top of the branch as its remote has it, and push it there. Where somebody else pushed
 * meanwhile, it is made again on top of that. The present branch and the work tree go along where nothing that is
 * changed in them is in the way. Refused where the branch has commits that the remote does not: they would go out too.
 */
export async function pushEdit(root: string, edit: FolderEdit, env: NodeJS.ProcessEnv): Promise<Pushed> {
  const target = { ...(await targetOf(root)), env };
  const to = `${target.remote}/${target.ref.replace(/^refs\/heads\//, '')}`;
  let tip = await fetchTip(root, target);
  for (let tries = 1; ; tries++) {
    const head = await headOf(root);
    await refuseUnpushed(root, head, tip, to);
    const commit = await makeEditCommit(root, tip, edit);
    if (commit === undefined) return { commit, to, isLocal: true };
    const refusal = await push(root, target, commit.id);
    if (refusal === undefined) return { commit, to, isLocal: await goAlong(root, { head, tip, commit, edit }) };
    const newTip = await fetchTip(root, target);
    if (newTip === tip || tries === maxTries) throw refused(to, refusal);
    tip = newTip;
  }
}

const maxTries = 10;

interface Target {
  readonly remote: string;
  readonly ref: string;
  /** With which the remote is reached. */
  readonly env: NodeJS.ProcessEnv;
}

/** Where the present branch is pushed to. */
async function targetOf(root: string): Promise<Omit<Target, 'env'>> {
  await headOf(root);
  const branch = await gitLineOrNone(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  if (branch === undefined) {
    throw new Failure('No branch is checked out here, so there is none to push to.', {
      fix: 'Check out the branch of the page first, such as `git switch main`.',
    });
  }
  const remote = (await gitLineOrNone(root, ['config', `branch.${branch}.remote`])) ?? 'origin';
  const ref = (await gitLineOrNone(root, ['config', `branch.${branch}.merge`])) ?? `refs/heads/${branch}`;
  return { remote, ref };
}

const fetched = 'refs/candor/pushed-to';

async function fetchTip(root: string, { remote, ref, env }: Target): Promise<string> {
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  try {
    await git(root, ['fetch', ...options, '--', remote, `+${ref}:${fetched}`], '', env);
    return await gitLine(root, ['rev-parse', '--verify', fetched]);
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    const message = `${remote} could not be asked for ${ref}: ${withoutSecrets(cause.message)}`;
    throw new Failure(message, {
      fix: `Nothing was pushed; ${harmless} Look at the network and the rights, then try again.`,
      cause,
    });
  } finally {
    await gitLineOrNone(root, ['update-ref', '-d', fetched]);
  }
}

async function refuseUnpushed(root: string, head: string, tip: string, to: string): Promise<void> {
  if ((await gitLineOrNone(root, ['merge-base', '--is-ancestor', head, tip])) !== undefined) return;
  throw new Failure(`This branch has commits that ${to} does not have, and they are not this command's to push.`, {
    fix: 'Push them or take them back first, or run this without --push.',
  });
}

/** Push one commit; what git said where it was refused. */
async function push(root: string, { remote, ref, env }: Target, commit: string): Promise<GitError | undefined> {
  try {
    await git(root, ['push', '--quiet', '--no-verify', '--', remote, `${commit}:${ref}`], '', env);
    return undefined;
  } catch (error) {
    if (error instanceof GitError) return error;
    throw error;
  }
}

const harmless = 'the page already shows the right thing, because an override that has expired shows nothing.';

function refused(to: string, cause: GitError): Failure {
  return new Failure(`${to} did not take the commit: ${withoutSecrets(cause.message)}`, {
    fix: `Nothing is urgent: ${harmless}\nWhere the branch is protected, let this job push to it, or take the override out in a pull request.`,
    cause,
  });
}

/** What git said, without a password in an address. */
function withoutSecrets(message: string): string {
  return message.replaceAll(/\/\/[^/@\s]*@/g, '//');
}

interface Move {
  readonly head: string;
  readonly tip: string;
  readonly commit: EditCommit;
  readonly edit: FolderEdit;
}

/** Bring the present branch, the index and the work tree to the pushed commit; false, and all as it was, where changes are in the way. */
async function goAlong(root: string, { head, tip, commit, edit }: Move): Promise<boolean> {
  if (head === tip) {
    if (!(await moveHead(root, commit.id, head))) return false;
    await editIndex(root, commit, edit);
    return true;
  }
  const restored = await restore(root, head, commit, edit);
  await refreshIndex(root);
  const moved = await gitLineOrNone(root, ['read-tree', '-m', '-u', head, commit.id]);
  if (moved !== undefined && (await moveHead(root, commit.id, head))) return true;
  for (const { path, edited } of restored) await writeFile(path, edited);
  return false;
}

/** Put the committed text back into files that differ from it by the edit alone, so that git can bring them forward. */
async function restore(
  root: string,
  head: string,
  { changes }: EditCommit,
  { edit }: FolderEdit,
): Promise<{ path: string; edited: string }[]> {
  const restored: { path: string; edited: string }[] = [];
  for (const change of changes) {
    const committed = await committedText(root, `${head}:${change.topPath}`);
    const path = join(root, change.path);
    const present = await presentText(path);
    if (present === undefined || committed === undefined || edit(change.path, committed) !== present) continue;
    await writeFile(path, committed);
    restored.push({ path, edited: present });
  }
  return restored;
}

async function committedText(root: string, name: string): Promise<string | undefined> {
  try {
    return (await git(root, ['cat-file', 'blob', name])).toString('utf8');
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

async function presentText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
