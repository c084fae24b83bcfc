import { gitLineOrNone } from './git.ts';

/** A commit of git: its id, and when it was made. */
export interface ContentCommit {
  readonly id: string;
  readonly at: Date;
}

/** The commit that the content at `root` was checked out from; `undefined` where it lies in no repository, or in one without commits. */
export async function contentCommit(root: string): Promise<ContentCommit | undefined> {
  const line = await gitLineOrNone(root, ['log', '-1', '--format=%H %cI']);
  const [id = '', at = ''] = line?.split(' ') ?? [];
  return id === '' || at === '' ? undefined : { id, at: new Date(at) };
}
