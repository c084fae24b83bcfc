import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure } from './failure.ts';
import { gitLineOrNone } from './git.ts';

/** What became of a hook: written, or there already as it should be. */
export type InstalledHook = { readonly path: string; readonly did: 'written' | 'kept' };

/**
 * Let git run `command` (of a shell) before each commit in the repository of `root`. A hook that somebody else wrote is
 * never touched: the failure says what to put into it.
 */
export async function installPreCommit(root: string, command: string): Promise<InstalledHook> {
  const found = await gitLineOrNone(root, ['rev-parse', '--git-path', 'hooks/pre-commit']);
  if (found === undefined) throw new Failure(`${root} is in no git repository.`, { fix: 'Run this in a clone.' });
  const path = resolve(root, found);
  const text = `#!/bin/sh\n${mark}\n${command}\n`;
  const present = await textOf(path);
  if (present === text) return { path, did: 'kept' };
  if (present !== undefined && !present.includes(mark)) {
    throw new Failure(`There is a hook already: ${path}`, {
      fix: `Put this line into it, before anything that ends it:\n${command} || exit $?`,
    });
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return { path, did: 'written' };
}

const mark = '# Written by `candor hooks install`, which may write it anew.';

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
