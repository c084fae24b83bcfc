import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { exists } from './tree.ts';
import { isUnfinishedBuild } from './unfinished-build.ts';

/** Why a folder is not written to. */
export interface Refusal {
  readonly message: string;
  readonly fix: string;
}

/** Folders that an output folder must neither be nor contain, and content folders in which it must not lie. */
export interface Protected {
  readonly root: string;
  readonly others: readonly string[];
  /** Where builds remember what they are about to write. */
  readonly cacheDir: string;
}

/** Why `dir` must not be written to, or `undefined` where it may: it is new, empty, or holds an earlier build or a part of one. */
export async function refusalOf(dir: string, guarded: Protected): Promise<Refusal | undefined> {
  const out = await realPathOf(dir);
  const fix = 'Name a folder of its own with --out; a new one is made.';
  for (const folder of [guarded.root, ...guarded.others]) {
    if (isWithin(await realPathOf(folder), out)) return { message: `${dir} is or contains ${folder}.`, fix };
  }
  for (const name of contentFolders) {
    const folder = join(guarded.root, name);
    if (isWithin(out, await realPathOf(folder))) return { message: `${dir} lies among the content of ${folder}.`, fix };
  }
  if (!(await exists(out))) return undefined;
  if (!(await stat(out)).isDirectory()) return { message: `${dir} is a file.`, fix };
  if ((await readdir(out)).length === 0 || (await isEarlierBuild(out))) return undefined;
  if (await isUnfinishedBuild(out, guarded.cacheDir)) return undefined;
  return { message: `${dir} is not empty and holds no page that candor built.`, fix: `${fix} Or empty it yourself.` };
}

/** What people write; an output folder among it would be read as content. */
const contentFolders = ['incidents', 'components', 'probes'];

const EarlierBuild = z.looseObject({ version: z.literal(1), generated_at: z.string(), overall: z.looseObject({}) });

async function isEarlierBuild(dir: string): Promise<boolean> {
  const path = join(dir, 'current.json');
  if (!(await exists(path))) return false;
  try {
    return EarlierBuild.safeParse(JSON.parse(await readFile(path, 'utf8'))).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The real path of the part that exists, and the rest as named. */
async function realPathOf(path: string): Promise<string> {
  const full = resolve(path);
  if (await exists(full)) return realpath(full);
  const parent = dirname(full);
  return parent === full ? full : join(await realPathOf(parent), basename(full));
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner);
}
