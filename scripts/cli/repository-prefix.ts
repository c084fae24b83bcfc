import { relative, resolve, sep } from 'node:path';
import type { Context } from './context.ts';

/** How GitHub knows the root: relative to the repository, with forward slashes; nothing where it lies elsewhere. */
export function repositoryPrefix({ root, env }: Pick<Context, 'root' | 'env'>): string {
  const path = relative(resolve(env['GITHUB_WORKSPACE'] ?? '.'), root).replaceAll(sep, '/');
  return path.startsWith('..') ? '' : path;
}
