import { userInfo } from 'node:os';
import { type Authorship, authorsOf } from '../../lib/adapters/git-authors.ts';
import type { Context } from '../cli/context.ts';

/**
 * Who wrote each of the files, for people who read the audit log: as git names them; the user of this machine for what is
 * not committed; and where git does not reach back far enough, that it is unknown, with who started the run as a hint.
 */
export async function writersOf(
  root: string,
  files: readonly string[],
  env: Context['env'],
): Promise<(file: string) => string> {
  const authors = await authorsOf(root, files);
  return (file) => nameOf(authors.get(file), env).slice(0, maxNameLength);
}

const maxNameLength = 200;

function nameOf(authorship: Authorship | undefined, env: Context['env']): string {
  if (authorship?.kind === 'committed') return authorship.author;
  if (authorship?.kind !== 'unknown') return machineUser(env);
  const actor = env['GITHUB_ACTOR'];
  return actor === undefined || actor === '' ? 'unknown' : `unknown; ${actor} started the run`;
}

/** The user of this machine; a container may run under a number that has no name. */
export function machineUser(env: Context['env']): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return env['USER'] || env['LOGNAME'] || `user ${process.getuid?.() ?? 'without a name'}`;
  }
}
