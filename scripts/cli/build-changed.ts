import { mkdir, readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../../lib/adapters/failure.ts';
import { placeFile } from '../../lib/adapters/place-file.ts';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { forgetBuild, rememberBuild } from '../../lib/adapters/unfinished-build.ts';
import { listOf, type PublishedList } from '../../lib/policy/published-list.ts';
import { jsonOf } from '../../lib/schema/json-text.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { PublishedFiles } from '../../lib/schema/publish.ts';
import { type BuiltEdition, incrementalBuild } from '../pipeline/incremental-build.ts';
import { incrementalRequestOf } from './build-request.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';

/** What a build of the files that differ from a list came to. */
export interface ChangedBuild {
  /** How many pages were rendered. */
  readonly rendered: number;
  /** Size of what was written. */
  readonly bytes: number;
  /** Paths that differ from the list. */
  readonly written: readonly string[];
  /** Paths of the list that the page has no longer. */
  readonly gone: readonly string[];
  /** What is wrong with the files that were read and does not stop the page. */
  readonly problems: readonly Problem[];
}

/** Write to `out` the files of the page that differ from the list in `file`, `current.json` last; nothing is removed there. */
export async function buildChanged(context: Context, out: string, file: string): Promise<ChangedBuild> {
  const published = await readList(resolve(file), file);
  const request = await incrementalRequestOf(context);
  await using build = incrementalBuild(request);
  const edition = await build.make(published);
  const written = [...edition.files]
    .filter(([path, hash]) => published.files.get(path)?.hash !== hash)
    .map(([path]) => path)
    .toSorted((a, b) => stageOf(a) - stageOf(b));
  return {
    rendered: edition.rendered,
    bytes: await place(edition, written, { out, cacheDir: request.cacheDir }),
    written,
    gone: [...published.files.keys()].filter((path) => !edition.files.has(path)),
    problems: edition.problems,
  };
}

async function readList(path: string, given: string): Promise<PublishedList> {
  const list = PublishedFiles.safeParse(jsonOf(await textOf(path, given))).data;
  if (list !== undefined) return listOf(list);
  throw new UsageError(
    `${given} is no list of published files.`,
    'Name the .candor/files-….json that .candor/head.json of the published page names.',
  );
}

async function textOf(path: string, given: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(
      `${given} cannot be read.`,
      'Name a file with --changed-since, such as site/.candor/files-….json.',
    );
  }
}

/** Assets before pages, the snapshot after everything. */
function stageOf(path: string): number {
  if (path === 'current.json') return 3;
  if (path.endsWith('.json')) return 2;
  return path.endsWith('.html') ? 1 : 0;
}

async function place(
  edition: BuiltEdition,
  paths: readonly string[],
  { out, cacheDir }: { readonly out: string; readonly cacheDir: string },
): Promise<number> {
  try {
    await mkdir(out, { recursive: true });
    const dir = await realpath(out);
    await rememberBuild(dir, cacheDir, [...(await filesBelow(dir)), ...paths]);
    let bytes = 0;
    for (const path of paths) bytes += placeFile(dir, path, await edition.bytes(path)).size;
    await forgetBuild(dir, cacheDir);
    return bytes;
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new Failure(`The page could not be written to ${out}.`, {
      fix: 'Make sure that the folder can be written and that the disk is not full, then build again.',
      cause,
    });
  }
}
