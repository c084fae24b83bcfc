import { Failure } from './failure.ts';
import { GitError, git, gitLine, gitLineOrNone } from './git.ts';

/** A change of files in one folder of a root, made from their committed texts. */
export interface FolderEdit {
  /** Relative to the root, such as `components`. */
  readonly folder: string;
  /** The new text of a file, relative to the root, given its committed one; `undefined` to leave it alone. */
  readonly edit: (path: string, text: string) => string | undefined;
  /** The message of the commit that changes these files. */
  readonly message: (paths: readonly string[]) => string;
}

/** A commit that was made, and what it changes. */
export interface EditCommit {
  readonly id: string;
  readonly changes: readonly EditedFile[];
}

/** One file of a commit: its path from the top of the repository, its mode, and the ids of its texts. */
export interface EditedFile {
  /** Relative to the root. */
  readonly path: string;
  readonly topPath: string;
  readonly mode: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Make a commit on top of `parent` that holds this edit of its texts and nothing else: what else was changed in the work
 * tree or prepared in the index stays out, and no branch moves. `undefined` where there is nothing to change. Hooks are
 * not run. Where git knows no name to sign with, it is Candor's.
 */
export async function makeEditCommit(root: string, parent: string, edit: FolderEdit): Promise<EditCommit | undefined> {
  const prefix = await prefixOf(root);
  const changes: EditedFile[] = [];
  for (const { mode, id, name } of await filesIn(root, `${parent}:${prefix}${edit.folder}`)) {
    const path = `${edit.folder}/${name}`;
    const before = (await git(root, ['cat-file', 'blob', id])).toString('utf8');
    const after = edit.edit(path, before);
    if (after === undefined || after === before) continue;
    const written = await gitLine(root, ['hash-object', '-w', '--stdin'], after);
    changes.push({ path, topPath: `${prefix}${path}`, mode, before: id, after: written });
  }
  if (changes.length === 0) return undefined;
  const steps = `${prefix}${edit.folder}`.split('/');
  const tree = await treeWith(root, parent, steps, changes);
  const message = edit.message(changes.map(({ path }) => path));
  const id = await gitLine(root, [...(await identity(root)), 'commit-tree', tree, '-p', parent, '-m', message]);
  return { id, changes };
}

/**
 * Make such a commit on the present branch. In the index these files get the same edit of what was prepared there, so
 * that what was prepared before, and nothing else, is still prepared after.
 */
export async function commitEdit(root: string, edit: FolderEdit): Promise<EditCommit | undefined> {
  for (;;) {
    const head = await headOf(root);
    const commit = await makeEditCommit(root, head, edit);
    if (commit === undefined) return undefined;
    if (await moveHead(root, commit.id, head)) {
      await editIndex(root, commit, edit);
      return commit;
    }
    if ((await headOf(root)) === head) throw new Failure('git did not let the branch move.', { fix: noMove });
  }
}

const noMove = 'Look whether another git command was cut off here (a file *.lock in .git), then run this again.';

/** The commit that the work tree is on; a failure outside of a repository or before its first commit. */
export async function headOf(root: string): Promise<string> {
  const head = await gitLineOrNone(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head !== undefined) return head;
  throw new Failure(`${root} is in no git repository that has a commit.`, {
    fix: 'Leave out --commit, or run this in a clone.',
  });
}

/** Move the present branch from `from` to `to`; false where it was elsewhere already. */
export async function moveHead(root: string, to: string, from: string): Promise<boolean> {
  return (await gitLineOrNone(root, ['update-ref', '-m', 'commit by candor', 'HEAD', to, from])) !== undefined;
}

/** The edit in the index: the new text where the index held the old one, else the edit of what was prepared there. */
export async function editIndex(root: string, { changes }: EditCommit, { edit }: FolderEdit): Promise<void> {
  const lines: string[] = [];
  for (const { path, topPath, mode, before, after } of changes) {
    const [, id] = /^\d+ ([0-9a-f]+) 0\t/.exec(await gitLine(root, ['ls-files', '--stage', '-z', '--', path])) ?? [];
    if (id === undefined || id === after) continue;
    const prepared = id === before ? after : await editedBlob(root, id, (text) => edit(path, text));
    if (prepared !== undefined) lines.push(`${mode} ${prepared}\t${topPath}\0`);
  }
  if (lines.length > 0) await git(root, ['update-index', '-z', '--index-info'], lines.join(''));
  await refreshIndex(root);
}

/** Let the index know the files as they are on disk again. */
export async function refreshIndex(root: string): Promise<void> {
  await gitLineOrNone(root, ['update-index', '-q', '--refresh']);
}

async function editedBlob(
  root: string,
  id: string,
  edit: (text: string) => string | undefined,
): Promise<string | undefined> {
  const text = edit((await git(root, ['cat-file', 'blob', id])).toString('utf8'));
  return text === undefined ? undefined : gitLine(root, ['hash-object', '-w', '--stdin'], text);
}

/** The folder of the root within its repository: empty, or ending in a slash. */
function prefixOf(root: string): Promise<string> {
  return gitLine(root, ['rev-parse', '--show-prefix']);
}

interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

/** The plain files of a folder; none where there is no such folder. */
async function filesIn(root: string, treeish: string): Promise<TreeEntry[]> {
  try {
    return (await entriesOf(root, treeish)).filter(({ mode }) => mode.startsWith('100'));
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}

async function entriesOf(root: string, treeish: string): Promise<TreeEntry[]> {
  const listing = await git(root, ['ls-tree', '-z', '--full-tree', treeish]);
  return listing
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', type = '', id = '', name = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      return name === '' ? [] : [{ mode, type, id, name }];
    });
}

/** The tree with the changed files in the folder that `steps` lead to; everything else as it is. */
async function treeWith(
  root: string,
  treeish: string,
  [step, ...steps]: readonly string[],
  changes: readonly EditedFile[],
): Promise<string> {
  const entries = await entriesOf(root, treeish);
  const replaced = await Promise.all(
    entries.map(async (entry) => {
      if (step === undefined) {
        const change = changes.find(({ path }) => path.endsWith(`/${entry.name}`));
        return change === undefined ? entry : { ...entry, id: change.after };
      }
      return entry.name === step ? { ...entry, id: await treeWith(root, entry.id, steps, changes) } : entry;
    }),
  );
  const input = replaced.map(({ mode, type, id, name }) => `${mode} ${type} ${id}\t${name}\0`).join('');
  return gitLine(root, ['mktree', '-z', '--missing'], input);
}

/** Options that give git a name and an address where its settings have none; those of its environment come first anyway. */
export async function identity(root: string): Promise<string[]> {
  const known = await Promise.all(['user.name', 'user.email'].map((key) => gitLineOrNone(root, ['config', key])));
  const [name, email] = known.map((value) => (value === '' ? undefined : value));
  return [
    ...(name === undefined ? ['-c', 'user.name=Candor'] : []),
    ...(email === undefined ? ['-c', 'user.email=candor@candor.invalid'] : []),
  ];
}
