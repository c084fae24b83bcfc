import { hash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Failure } from './failure.ts';
import { type Placement, placeFile } from './place-file.ts';
import { exists, filesBelow } from './tree.ts';
import { forgetBuild, rememberBuild } from './unfinished-build.ts';

/** One file that the public may fetch. The same fingerprint promises the same bytes. */
export interface OutputFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly fingerprint: string;
}

/** What writing came to. */
export interface OutputReport {
  /** Paths whose bytes changed. */
  readonly written: readonly string[];
  /** Paths of an earlier build that were removed. */
  readonly removed: readonly string[];
  /** Size of the whole folder. */
  readonly bytes: number;
}

/** Where files are written, and where it is remembered what was written there. */
export interface OutputOptions {
  readonly dir: string;
  readonly cacheDir: string;
  /** Puts the named files in place with `placeFile`, here or in other threads, and answers for each of them. */
  readonly place: (paths: readonly string[]) => Promise<readonly Placement[]>;
}

/**
 * Makes `dir` hold exactly `files`: has those placed that are not there yet, then removes what is left of an earlier
 * build. Call `refusalOf` first.
 */
export async function writeOutput(files: readonly OutputFile[], options: OutputOptions): Promise<OutputReport> {
  try {
    return await write(files, options);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new Failure(`The page could not be written to ${options.dir}.`, {
      fix: 'Make sure that the folder can be written and that the disk is not full, then build again.',
      cause,
    });
  }
}

/** Forget what was written to `dir` (a real path), which is there no longer. */
export async function forgetOutput(dir: string, cacheDir: string): Promise<void> {
  await rm(join(cacheDir, ledgerOf(dir)), { force: true });
}

function ledgerOf(realDir: string): string {
  return `out-${hash('sha256', realDir).slice(0, 20)}.json`;
}

/** What was written, by path: a file that still has this size and time has the bytes of this fingerprint. */
const Ledger = z.record(z.string(), z.tuple([z.string(), z.number(), z.number()]));
type Ledger = z.infer<typeof Ledger>;

async function write(files: readonly OutputFile[], { dir, cacheDir, place }: OutputOptions): Promise<OutputReport> {
  await mkdir(dir, { recursive: true });
  await mkdir(cacheDir, { recursive: true });
  const realDir = await realpath(dir);
  const ledger = await readLedger(join(cacheDir, ledgerOf(realDir)));
  const before = await filesBelow(dir);
  const cleared = removeWhatIsInTheWay(dir, before, files);
  const fresh: Ledger = {};
  const missing: OutputFile[] = [];
  for (const file of files) {
    const known = ledger[file.path];
    if (known?.[0] === file.fingerprint && isUntouched(join(dir, file.path), known)) fresh[file.path] = known;
    else missing.push(file);
  }
  await rememberBuild(realDir, cacheDir, [...before, ...files.map(({ path }) => path)]);
  const placements = await place(missing.map(({ path }) => path));
  const fingerprints = new Map(missing.map(({ path, fingerprint }) => [path, fingerprint]));
  for (const { path, size, time } of placements) fresh[path] = [fingerprints.get(path) ?? '', size, time];
  const removed = [
    ...cleared,
    ...removeOthers(
      dir,
      before.filter((path) => !cleared.includes(path)),
      files,
    ),
  ];
  placeFile(cacheDir, ledgerOf(realDir), JSON.stringify(fresh));
  await forgetBuild(realDir, cacheDir);
  const bytes = Object.values(fresh).reduce((sum, [, size]) => sum + size, 0);
  return { written: placements.filter(({ written }) => written).map(({ path }) => path), removed, bytes };
}

/** What is remembered; a memory that cannot be read is none, and costs only time. */
async function readLedger(path: string): Promise<Ledger> {
  if (!(await exists(path))) return {};
  try {
    return Ledger.catch({}).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isUntouched(path: string, [, size, time]: Ledger[string]): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now?.isFile() === true && now.size === size && now.mtimeMs === time;
}

/** A file or a link where a folder must be: nothing is ever written through a link. */
function removeWhatIsInTheWay(dir: string, before: readonly string[], files: readonly OutputFile[]): string[] {
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const cleared = before.filter((path) => folders.has(path));
  for (const path of cleared) rmSync(join(dir, path));
  return cleared;
}

function removeOthers(dir: string, before: readonly string[], files: readonly OutputFile[]): string[] {
  const wanted = new Set(files.map(({ path }) => path));
  const removed = before.filter((path) => !wanted.has(path));
  for (const path of removed) rmSync(join(dir, path), { force: true });
  const kept = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const emptied = new Set(removed.flatMap(foldersOf).filter((folder) => !kept.has(folder)));
  for (const folder of [...emptied].sort((a, b) => b.length - a.length))
    rmSync(join(dir, folder), { recursive: true, force: true });
  return removed;
}

function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}
