import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { configPath } from '../content/config-file.ts';
import type { SourceFile } from '../content/content.ts';
import { fileStart, problem } from '../policy/rules.ts';
import type { Problem } from '../schema/problem.ts';

/** The largest file that is read: 1 MiB. A larger one is refused unread. */
export const maxFileBytes = 1024 * 1024;

/** The files of a content root, and what stands in the way of reading the others. */
export interface ContentRoot {
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** Paths of files that nobody wanted to read. */
  readonly left: readonly string[];
}

/**
 * Read `status.config.yml`, `components/*.yml`, `incidents/*.md` and `probes/*.yml` under `root`; nothing outside of it, and
 * nothing large. A plain file that is not `wanted` is left unread.
 */
export async function readContentRoot(
  root: string,
  wanted: (path: string) => boolean = () => true,
): Promise<ContentRoot> {
  const top = entriesOf(root);
  if (top === undefined) return { files: [], problems: [noFolder()], left: [] };
  const reader: Found = { files: [], problems: [], left: [], realRoot: realpathSync(root), wanted };
  const names = new Set(top.map((entry) => entry.name));
  if (![configPath, ...Object.keys(folders)].some((name) => names.has(name))) {
    return { files: [], problems: [emptyFolder()], left: [] };
  }
  for (const entry of top) {
    if (entry.name === configPath) readEntry(reader, root, '', entry);
    else if (/^status\.config\.ya?ml$/i.test(entry.name)) reader.problems.push(misnamed(entry.name, configPath));
  }
  for (const [folder, extension] of Object.entries(folders)) {
    if (names.has(folder)) readFolder(reader, root, folder, extension);
  }
  return { files: reader.files, problems: reader.problems, left: reader.left };
}

/** Read files that `readContentRoot` left unread. */
export function readLeftFiles(root: string, paths: readonly string[]): Pick<ContentRoot, 'files' | 'problems'> {
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const read = readSmallFile(join(root, path));
    if (read instanceof Uint8Array) files.push({ path, bytes: read });
    else problems.push(problem(read.rule, path, fileStart, read.message, read.fix));
  }
  return { files, problems };
}

/** The folders that people write, and what their files end in. */
const folders = { components: '.yml', incidents: '.md', probes: '.yml' } as const;

interface Found {
  readonly files: SourceFile[];
  readonly problems: Problem[];
  readonly left: string[];
  readonly realRoot: string;
  readonly wanted: (path: string) => boolean;
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function readFolder(found: Found, root: string, folder: string, extension: string): void {
  if (!isInside(found, join(root, folder))) {
    found.problems.push(linkOut(folder));
    return;
  }
  const entries = entriesOf(join(root, folder));
  if (entries === undefined) {
    const fix = 'Make it a folder that you may read.';
    found.problems.push(problem('unreadable', folder, fileStart, `${folder} is no folder that can be read.`, fix));
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) found.problems.push(subFolder(path, extension));
    else if (!entry.name.endsWith(extension)) found.problems.push(misnamed(path, `${folder}/<id>${extension}`));
    else readEntry(found, root, folder, entry);
  }
}

function readEntry(found: Found, root: string, folder: string, entry: Dirent): void {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isSymbolicLink() && !isInside(found, join(root, path))) {
    found.problems.push(linkOut(path));
    return;
  }
  if (entry.isFile() && !found.wanted(path)) {
    found.left.push(path);
    return;
  }
  const { files, problems } = readLeftFiles(root, [path]);
  found.files.push(...files);
  found.problems.push(...problems);
}

function isInside({ realRoot }: Found, path: string): boolean {
  try {
    const real = realpathSync(path);
    return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

interface Refusal {
  readonly rule: 'file-size' | 'unreadable';
  readonly message: string;
  readonly fix: string;
}

/** Synchronous on purpose: ten thousand small files are read several times faster than through promises. */
function readSmallFile(path: string): Uint8Array | Refusal {
  try {
    if (!statSync(path).isFile()) return unreadable;
    const handle = openSync(path, 'r');
    try {
      const { size } = fstatSync(handle);
      return size > maxFileBytes ? tooLarge(size) : readWhole(handle, size);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return unreadable;
    throw error;
  }
}

function readWhole(handle: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = readSync(handle, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

const unreadable: Refusal = {
  rule: 'unreadable',
  message: 'The file cannot be read.',
  fix: 'Make it a plain file that you may read.',
};

function tooLarge(size: number): Refusal {
  const mebibytes = (size / 1024 / 1024).toFixed(1);
  return {
    rule: 'file-size',
    message: `The file has ${mebibytes} MiB; at most 1 MiB is read.`,
    fix: 'Say it in less, or delete the file.',
  };
}

function linkOut(path: string): Problem {
  const message = 'This is a link that leads out of the content folder, or nowhere.';
  return problem('symbolic-link', path, fileStart, message, 'Put the file itself here.');
}

function noFolder(): Problem {
  return problem(
    'no-content',
    '.',
    fileStart,
    'The content folder does not exist or cannot be read.',
    'Name an existing folder with --root.',
  );
}

function emptyFolder(): Problem {
  return problem(
    'no-content',
    '.',
    fileStart,
    'The folder holds no content: no status.config.yml, no components/, no incidents/.',
    'Name the folder of the content with --root, or begin one with status.config.yml.',
  );
}

function misnamed(path: string, right: string): Problem {
  return problem(
    'unexpected-file',
    path,
    fileStart,
    'Nothing reads a file of this name.',
    `Name it ${right}, or move it elsewhere.`,
  );
}

function subFolder(path: string, extension: string): Problem {
  return problem(
    'unexpected-file',
    path,
    fileStart,
    'Nothing reads a folder here.',
    `Move its ${extension} files one level up, or the folder elsewhere.`,
  );
}
