import { hash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isTemporary, placeFile } from './place-file.ts';
import { exists, filesBelow } from './tree.ts';

/** Remembers, before the first file is written to `dir` (a real path), what is about to be written there. */
export async function rememberBuild(dir: string, cacheDir: string, paths: readonly string[]): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  placeFile(cacheDir, noteOf(dir), JSON.stringify(paths));
}

/** Forgets it: the build is finished, and its `current.json` says so. */
export async function forgetBuild(dir: string, cacheDir: string): Promise<void> {
  await rm(join(cacheDir, noteOf(dir)), { force: true });
}

/** Whether all that lies in `dir` (a real path) was written by a build that was cut off. */
export async function isUnfinishedBuild(dir: string, cacheDir: string): Promise<boolean> {
  const note = join(cacheDir, noteOf(dir));
  if (!(await exists(note))) return false;
  const planned = new Set(Paths.parse(JSON.parse(await readFile(note, 'utf8'))));
  return (await filesBelow(dir)).every((path) => planned.has(path) || isTemporary(path));
}

const Paths = z.array(z.string());

function noteOf(dir: string): string {
  return `out-${hash('sha256', dir).slice(0, 20)}.unfinished.json`;
}
