import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { GitError, git, gitLine, gitLineOrNone } from './git.ts';
import { identity } from './git-commit.ts';

/** A remote, and its branch that changes are proposed for. */
export interface ProposalTarget {
  readonly remote: string;
  readonly baseBranch: string;
}

/** A work tree of its own in which a change is made, while that of the operator stays as it is. Disposing takes it away. */
export interface Proposal extends AsyncDisposable {
  /** The root of the content in it. */
  readonly root: string;
  /** What it began from. */
  readonly from: string;
}

/** The remote of the present branch or `origin`, and the branch that the remote is cloned at. */
export async function proposalTarget(root: string): Promise<ProposalTarget> {
  const inside = await gitLineOrNone(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (inside === undefined) {
    throw new Failure(`${root} is in no git repository that has a commit.`, {
      fix: 'Run this in a clone, without --pr elsewhere.',
    });
  }
  const branch = await gitLineOrNone(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const remote = (await gitLineOrNone(root, ['config', `branch.${branch}.remote`])) ?? 'origin';
  const head = await gitLineOrNone(root, ['symbolic-ref', '--quiet', `refs/remotes/${remote}/HEAD`]);
  const known = head?.slice(`refs/remotes/${remote}/`.length);
  const upstream = (await gitLineOrNone(root, ['config', `branch.${branch}.merge`]))?.replace(/^refs\/heads\//, '');
  return { remote, baseBranch: known ?? upstream ?? 'main' };
}

/** Bring what is known of the remote up to date; false where it cannot be reached. */
export async function fetchBranches(
  root: string,
  { remote }: ProposalTarget,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  try {
    await git(root, ['fetch', '--quiet', '--no-tags', '--prune', '--no-recurse-submodules', '--', remote], '', env);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

/** The commit of the base branch as its remote was last seen. */
export async function baseCommitOf(root: string, { remote, baseBranch }: ProposalTarget): Promise<string> {
  const commit = await gitLineOrNone(root, [
    'rev-parse',
    '--verify',
    '--quiet',
    `refs/remotes/${remote}/${baseBranch}^{commit}`,
  ]);
  if (commit !== undefined) return commit;
  throw new Failure(`The branch ${baseBranch} of ${remote} is not known here.`, {
    fix: `Fetch it once: git fetch ${remote}`,
  });
}

/** Every branch below `incident/` that is not in the base, here or at the remote: its newest commit, by its name. */
export async function openBranches(root: string, target: ProposalTarget): Promise<ReadonlyMap<string, string>> {
  const places = [`refs/remotes/${target.remote}/${incidentBranches}`, `refs/heads/${incidentBranches}`];
  const format = '--format=%(refname) %(objectname)';
  const base = await baseCommitOf(root, target);
  const listed = await gitLine(root, ['for-each-ref', format, `--no-merged=${base}`, ...places]);
  const open = new Map<string, string>();
  for (const line of listed.split('\n').filter((one) => one !== '')) {
    const [ref = '', commit = ''] = line.split(' ');
    const name = ref.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, '');
    const other = open.get(name);
    // Where one is ahead of the other, that one counts.
    if (other === undefined || (await isAncestor(root, other, commit))) open.set(name, commit);
  }
  return open;
}

/** The folder of branches that hold incidents. */
export const incidentBranches = 'incident/';

async function isAncestor(root: string, older: string, newer: string): Promise<boolean> {
  return (await gitLineOrNone(root, ['merge-base', '--is-ancestor', older, newer])) !== undefined;
}

/** The text of a file of the content at a commit; `undefined` where it has none. */
export async function textAt(root: string, commit: string, path: string): Promise<string | undefined> {
  const prefix = await gitLine(root, ['rev-parse', '--show-prefix']);
  try {
    return (await git(root, ['cat-file', 'blob', `${commit}:${prefix}${path}`])).toString('utf8');
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** A work tree at `from`, to make a change in. */
export async function openProposal(root: string, from: string): Promise<Proposal> {
  const folder = await mkdtemp(join(tmpdir(), 'candor-proposal-'));
  const tree = join(folder, 'tree');
  const dispose = async () => {
    await gitLineOrNone(root, ['worktree', 'remove', '--force', tree]);
    await rm(folder, { recursive: true, force: true });
    await gitLineOrNone(root, ['worktree', 'prune']);
  };
  try {
    await git(root, ['worktree', 'add', '--quiet', '--detach', tree, from]);
    const prefix = await gitLine(root, ['rev-parse', '--show-prefix']);
    return { root: join(tree, prefix), from, [Symbol.asyncDispose]: dispose };
  } catch (cause) {
    await dispose();
    if (!(cause instanceof GitError)) throw cause;
    throw new Failure(`No work tree could be made for the change: ${cause.message}`, {
      fix: 'Look at the disk, and at `git worktree list`.',
      cause,
    });
  }
}

/** Commit one file of a proposal and name it by a branch of the operator's repository. */
export async function commitProposal(
  root: string,
  proposal: Proposal,
  { path, branch, message }: { readonly path: string; readonly branch: string; readonly message: string },
): Promise<string> {
  try {
    await git(proposal.root, ['add', '--', path]);
    const options = await identity(proposal.root);
    await git(proposal.root, [...options, 'commit', '--quiet', '--no-verify', '--message', message, '--', path]);
    const commit = await gitLine(proposal.root, ['rev-parse', 'HEAD']);
    await git(root, ['branch', '--quiet', '--force', '--no-track', branch, commit]);
    return commit;
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new Failure(`The change could not be committed to ${branch}: ${cause.message}`, {
      fix: `Where ${branch} is checked out, leave it first: git switch -`,
      cause,
    });
  }
}

/** Push a branch; a failure that says how to go on where the remote does not take it. */
export async function pushProposal(
  root: string,
  { remote }: ProposalTarget,
  branch: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await git(
      root,
      ['push', '--quiet', '--no-verify', '--', remote, `refs/heads/${branch}:refs/heads/${branch}`],
      '',
      env,
    );
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    const said = cause.message.replaceAll(/\/\/[^/@\s]*@/g, '//');
    throw new Failure(`The commit is on the branch ${branch} here, and ${remote} did not take it: ${said}`, {
      fix: `Nothing is lost. When ${remote} can be reached: git push ${remote} ${branch}\nThen open the pull request, or run the same kind of command with --pr for the next update.`,
      cause,
    });
  }
}

/** The address of a remote. */
export function remoteAddress(root: string, { remote }: ProposalTarget): Promise<string | undefined> {
  return gitLineOrNone(root, ['remote', 'get-url', '--', remote]);
}
