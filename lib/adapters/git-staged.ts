import { git, gitLine } from './git.ts';

/** A file as the next commit would have it. */
export interface StagedFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

/** The plain files below `prefix` that are staged and new or changed. `top` is the top of the work tree. */
export async function stagedFiles(top: string, prefix: string): Promise<StagedFile[]> {
  const filter = ['--cached', '--raw', '-z', '--no-renames', '--no-abbrev', '--diff-filter=AM'];
  const pathspec = prefix === '' ? [] : ['--', prefix];
  const listed = await git(top, ['--literal-pathspecs', 'diff', ...filter, ...pathspec]);
  const fields = listed.toString('utf8').split('\0');
  const files: StagedFile[] = [];
  // For each file its facts (`:mode mode id id status`) and, in the next field, its path.
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , id = ''] = (fields[at] ?? '').split(' ');
    if (mode.startsWith('100')) files.push({ path: fields[at + 1] ?? '', mode, id });
  }
  return files;
}

/** What the next commit holds at a path: its bytes, or `undefined` where it has no such file. */
export async function stagedBytes(top: string, path: string): Promise<Uint8Array | undefined> {
  const listed = await gitLine(top, ['--literal-pathspecs', 'ls-files', '-s', '-z', '--', path]);
  const [, id] = /^100\d{3} ([0-9a-f]+) 0\t/.exec(listed) ?? [];
  return id === undefined ? undefined : git(top, ['cat-file', 'blob', id]);
}

/** Put another text in the place of a staged one; the file in the work tree is left alone. */
export async function replaceStaged(top: string, { path, mode }: StagedFile, text: string): Promise<void> {
  const id = await gitLine(top, ['hash-object', '-w', '--stdin'], text);
  await git(top, ['update-index', '--cacheinfo', `${mode},${id},${path}`]);
}
