import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { type Environment, explainGit, type Git, GitRefused, gitIn } from './git-command.ts';
import { blobReader, commitOf, type NewTree } from './git-objects.ts';
import { isStatePath } from './state-files.ts';
import { BrokenState } from './state-store.ts';

/** Where a branch of the state is: in the remote of a repository of this machine. */
export interface BranchAddress {
  /** Folder of the repository or in it. */
  readonly repository: string;
  /** The name of a remote, or its address. */
  readonly remote: string;
  readonly branch: string;
  readonly env: Environment;
}

/** The files of the one commit of a branch, by their paths. */
export interface BranchTree {
  /** `undefined`: the remote has no such branch. */
  readonly commit: string | undefined;
  readonly files: ReadonlyMap<string, { readonly id: string; readonly size: number }>;
}

/** The branch while one thing is done with it. What git stores meanwhile is thrown away afterwards. */
export interface OpenBranch {
  readonly tree: BranchTree;
  readonly read: (id: string) => Promise<Buffer>;
  /** Make a tree of bytes and of files that are there the one commit of the branch; `undefined` where it moved meanwhile. */
  readonly replace: (files: NewTree) => Promise<string | undefined>;
}

/** For messages; an address may hold a password. */
export function placeOf({ remote, branch }: BranchAddress): string {
  return `branch ${branch} of ${isAddress(remote) ? 'a repository elsewhere' : remote}`;
}

/**
 * Fetch the branch and do `work` with it. The repository itself stays as it is: work tree, index, refs and objects.
 */
export async function withBranch<T>(address: BranchAddress, work: (branch: OpenBranch) => Promise<T>): Promise<T> {
  const objects = await mkdtemp(join(tmpdir(), prefix));
  await removeLeftovers(objects);
  try {
    const git = await gitBeside(address, objects);
    const tree = await fetched(git, address);
    return await work({
      tree,
      read: blobReader(git, [...tree.files.values()]),
      replace: (files) => replaceTree(git, address, tree.commit, files, objects),
    });
  } catch (error) {
    throw error instanceof GitRefused ? explainGit(`The ${placeOf(address)} could not be used`, error) : error;
  } finally {
    await rm(objects, { recursive: true, force: true });
  }
}

const prefix = 'candor-state-';

/** No command takes that long: a folder of that age was left by one that was killed. */
const leftAfterMs = 24 * 60 * 60 * 1000;

/** Remove what killed processes left beside a folder that was just made. What cannot be looked at or removed is another user's. */
async function removeLeftovers(fresh: string): Promise<void> {
  const oldestMs = (await stat(fresh)).mtimeMs - leftAfterMs;
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const removals = names.map(async (name) => {
    const path = join(tmpdir(), name);
    if ((await stat(path)).mtimeMs < oldestMs) await rm(path, { recursive: true });
  });
  await Promise.allSettled(removals);
}

/** git that reads the repository's objects and puts new ones into `objects`. */
async function gitBeside({ repository, remote, branch, env }: BranchAddress, objects: string): Promise<Git> {
  if (remote === '' || remote.startsWith('-')) throw unusableName('remote', remote);
  const plain = gitIn(repository, env);
  const own = resolve(repository, (await plain(['rev-parse', '--git-path', 'objects'])).toString('utf8').trim());
  await checkBranchName(plain, branch);
  await mkdir(join(objects, 'info'));
  await writeFile(join(objects, 'info', 'alternates'), `${own}\n`);
  return gitIn(repository, env, { GIT_OBJECT_DIRECTORY: objects });
}

/** Only git knows every name that may be one; of plain ones it need not be asked. */
async function checkBranchName(git: Git, branch: string): Promise<void> {
  if (/^[a-z0-9][a-z0-9_-]*$/i.test(branch)) return;
  try {
    await git(['check-ref-format', `refs/heads/${branch}`]);
  } catch (error) {
    throw error instanceof GitRefused ? unusableName('branch', branch) : error;
  }
}

const patience = 20;

/** The branch as the remote has it: its newest commit is asked for first, because a fetch alone would write it to the repository. */
async function fetched(git: Git, address: BranchAddress): Promise<BranchTree> {
  for (let tries = 1; ; tries++) {
    const commit = await tipOf(git, address);
    if (commit === undefined) return { commit, files: new Map() };
    const ref = `refs/heads/${address.branch}`;
    try {
      await git([
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        '--no-filter',
        '--refmap=',
        address.remote,
        ref,
      ]);
      return { commit, files: await filesOf(git, address, commit) };
    } catch (error) {
      // It moved in between, or was removed.
      if (error instanceof GitRefused && tries < patience && (await tipOf(git, address)) !== commit) continue;
      throw error;
    }
  }
}

async function tipOf(git: Git, { remote, branch }: BranchAddress): Promise<string | undefined> {
  const answer = (await git(['ls-remote', '--quiet', remote, `refs/heads/${branch}`])).toString('utf8');
  const line = answer.split('\n').find((one) => one.endsWith(`\trefs/heads/${branch}`));
  return line?.split('\t')[0];
}

/** Its files, where it is a branch that keeps a state and nothing else: no other may ever be replaced. */
async function filesOf(git: Git, address: BranchAddress, commit: string): Promise<BranchTree['files']> {
  const text = (await git(['cat-file', 'commit', commit])).toString('utf8');
  const listing = (await git(['ls-tree', '-r', '-z', '-l', commit])).toString('utf8');
  const files = listing
    .split('\0')
    .filter((line) => line !== '')
    .map(parseEntry);
  const foreign = files.find((file) => file === undefined || !isStatePath(file.path));
  if (/^parent /m.test(text.split('\n\n')[0] ?? '') || foreign !== undefined) throw noState(address);
  return new Map(files.flatMap((file) => (file === undefined ? [] : [[file.path, file]])));
}

/** One line of `git ls-tree -l`: mode, type, id, size, a tab, and the path. */
function parseEntry(line: string): { path: string; id: string; size: number } | undefined {
  const [whole, id = '', size = '', path = ''] = /^100644 blob ([0-9a-f]+) +(\d+)\t([\s\S]+)$/.exec(line) ?? [];
  return whole === undefined ? undefined : { path, id, size: Number(size) };
}

async function replaceTree(
  git: Git,
  address: BranchAddress,
  old: string | undefined,
  files: NewTree,
  objects: string,
): Promise<string | undefined> {
  const commit = await commitOf(git, files, objects);
  const url = await pushUrl(git, address.remote);
  const ref = `refs/heads/${address.branch}`;
  const lease = `--force-with-lease=${ref}:${old ?? ''}`;
  try {
    await git([
      'push',
      '--porcelain',
      '--no-verify',
      '--no-signed',
      '--recurse-submodules=no',
      lease,
      url,
      `${commit}:${ref}`,
    ]);
    return commit;
  } catch (error) {
    if (!(error instanceof GitRefused)) throw error;
    const tip = await tipOf(git, address);
    if (tip === commit) return commit;
    if (tip !== old || /stale info|cannot lock ref|failed to update ref|incorrect old value/.test(error.said))
      return undefined;
    throw error;
  }
}

/** The address itself: a push to the name of a remote would also move what the repository remembers of that remote. */
async function pushUrl(git: Git, remote: string): Promise<string> {
  if (isAddress(remote)) return remote;
  return (await git(['remote', 'get-url', '--push', remote])).toString('utf8').replace(/\n$/, '');
}

function isAddress(remote: string): boolean {
  return /[:/\\]/.test(remote);
}

function noState(address: BranchAddress): BrokenState {
  return new BrokenState(`The ${placeOf(address)} holds something else than a state, so it was left alone.`, {
    fix: 'Name another branch with --branch, or update Candor where a newer one keeps its state there.',
  });
}

function unusableName(what: string, name: string): Failure {
  return new Failure(`${JSON.stringify(name)} is no name of a ${what}.`, { fix: `Give --${what} another one.` });
}
