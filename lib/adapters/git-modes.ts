import { configPath } from '../content/config-file.ts';
import { fileStart, problem } from '../policy/rules.ts';
import type { Problem } from '../schema/problem.ts';
import { Failure } from './failure.ts';
import { GitError, git } from './git.ts';

/**
 * What git holds of the content below `root` that is no plain file: what may be run, links, and repositories of others. As
 * the index has it, so that a disk without such modes hides nothing; nothing where there is no git.
 */
export async function modeProblems(root: string): Promise<Problem[]> {
  const content = [configPath, 'components', 'incidents', 'probes'];
  try {
    const listed = await git(root, ['--literal-pathspecs', 'ls-files', '-z', '-s', '--', ...content]);
    return listed.toString('utf8').split('\0').flatMap(modeProblem);
  } catch (error) {
    if (error instanceof GitError || error instanceof Failure) return [];
    throw error;
  }
}

/** One record of `git ls-files -s`: mode, id, stage, a tab and the path. */
function modeProblem(record: string): Problem[] {
  if (record.startsWith('100644 ')) return [];
  const [, mode = '', path = ''] = /^(\d{6}) [0-9a-f]+ \d\t([\s\S]+)$/.exec(record) ?? [];
  const judge = refusals[mode];
  return judge === undefined ? [] : [judge(path)];
}

const refusals: Readonly<Record<string, (path: string) => Problem>> = {
  '100755': (path) =>
    problem(
      'executable-file',
      path,
      fileStart,
      'The file is marked as a program, and content is text.',
      `Take the mark away: git update-index --chmod=-x ${path}`,
    ),
  '120000': (path) =>
    problem(
      'symbolic-link',
      path,
      fileStart,
      'This is a link, and what it leads to is not reviewed with it.',
      'Put the file itself here.',
    ),
  '160000': (path) =>
    problem(
      'submodule',
      path,
      fileStart,
      'This is a repository of its own, and what is in it is not reviewed here.',
      'Take it out, and put the files themselves here.',
    ),
};
