import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** What became of a file: whether its bytes changed, and by what it is recognized later. */
export interface Placement {
  readonly path: string;
  readonly written: boolean;
  readonly size: number;
  /** Modification time in milliseconds. */
  readonly time: number;
}

/**
 * Makes the file `path` of `dir` hold `content`: untouched where it does already, otherwise replaced as a whole, so that
 * a reader sees the old file or the new one. Synchronous on purpose: thousands of small files are written several
 * times faster than through promises.
 */
export function placeFile(dir: string, path: string, content: string | Uint8Array): Placement {
  const full = join(dir, path);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const written = !holds(full, bytes);
  if (written) replace(full, bytes);
  const { size, mtimeMs } = statSync(full);
  return { path, written, size, time: mtimeMs };
}

function holds(full: string, bytes: Uint8Array): boolean {
  const found = lstatSync(full, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === bytes.length && readFileSync(full).equals(bytes);
}

/** How many temporary files this thread made. */
let count = 0;

/** Whether `path` is a file that `placeFile` had not yet put in its place. */
export function isTemporary(path: string): boolean {
  return /(?:^|\/)\.\d+-\d+-\d+\.tmp$/.test(path);
}

function replace(full: string, bytes: Uint8Array): void {
  const folder = dirname(full);
  count += 1;
  const temporary = join(folder, `.${process.pid}-${threadId}-${count}.tmp`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(temporary, bytes);
  renameSync(temporary, full);
}
