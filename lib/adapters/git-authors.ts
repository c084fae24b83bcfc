import { GitError, git } from './git.ts';

/**
 * Who wrote a file as it is: the author of the commit that last touched it; nobody yet (`uncommitted`: changed since, new,
 * or in no repository); or `unknown`, where that commit lies beyond the end of a shallow clone.
 */
export type Authorship =
  | { readonly kind: 'committed'; readonly author: string }
  | { readonly kind: 'uncommitted' }
  | { readonly kind: 'unknown' };

/** Who wrote each of `files`, relative to `root`, removed ones too; two calls of git for all of them together. */
export async function authorsOf(root: string, files: readonly string[]): Promise<ReadonlyMap<string, Authorship>> {
  const found = new Map<string, Authorship>(files.map((file) => [file, { kind: 'uncommitted' }]));
  if (files.length === 0) return found;
  try {
    const paths = files.length <= fewFiles ? files : foldersOf(files);
    const scope = ['-z', '--name-only', '--no-renames', '--relative'];
    const options = ['--literal-pathspecs', '-c', 'log.showSignature=false'];
    const changed = await git(root, [...options, 'diff', ...scope, 'HEAD', '--', ...paths]);
    const log = await git(root, [...options, 'log', '--format=/%D%n%aN <%aE>', ...scope, '--', ...paths]);
    readLog(log.toString('utf8'), found);
    for (const file of changed.toString('utf8').split('\0'))
      if (found.has(file)) found.set(file, { kind: 'uncommitted' });
  } catch (error) {
    // In no repository, or in one without a commit.
    if (!(error instanceof GitError)) throw error;
  }
  return found;
}

const fewFiles = 100;

function foldersOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => file.slice(0, file.indexOf('/') + 1) || file))];
}

/** The newest commit of each file: after a slash the names of the commit and on a second line its author, then the files that it touched; a NUL after each. */
function readLog(log: string, found: Map<string, Authorship>): void {
  const open = new Set(found.keys());
  let current: Authorship = { kind: 'unknown' };
  for (const token of log.split('\0')) {
    if (open.size === 0) return;
    if (token.startsWith('/')) current = authorIn(token.slice(1));
    else {
      const file = token.replace(/^\n/, '');
      if (open.delete(file)) found.set(file, current);
    }
  }
}

function authorIn(header: string): Authorship {
  const [names = '', author = ''] = header.split('\n');
  const isEndOfClone = names.split(', ').includes('grafted');
  return isEndOfClone || author === '' ? { kind: 'unknown' } : { kind: 'committed', author };
}
