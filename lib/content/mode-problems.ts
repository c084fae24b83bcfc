import { fileStart, problem } from '../policy/rules.ts';
import type { Problem } from '../schema/problem.ts';

/** What is wrong with what git holds of the content and is no plain file, by its mode in git. */
export function modeProblems(odd: readonly { readonly path: string; readonly mode: string }[]): Problem[] {
  return odd.flatMap(({ path, mode }) => refusals[mode]?.(path) ?? []);
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
