import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { access, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Whether something lies at `path`. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Every file below `folder`, relative to it with forward slashes, in the order of their names; none where there is no folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** A hash of the named files and folders below `root` (tests aside) and of `more`; what does not exist counts as empty. */
export async function hashFiles(root: string, names: readonly string[], more: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (const name of names) {
    for (const file of await filesOf(root, name)) {
      hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
    }
  }
  return hash.digest('hex').slice(0, 20);
}

/** Removes what lies directly in `folder`, has one of these prefixes and was last changed more than a week before `newest`. */
export async function removeOld(folder: string, prefixes: readonly string[], newest: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!prefixes.some((prefix) => name.startsWith(prefix))) continue;
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && newest.getTime() - found.mtimeMs > weekMs)
      await rm(path, { recursive: true, force: true });
  }
}

const weekMs = 7 * 24 * 60 * 60 * 1000;

async function filesOf(root: string, name: string): Promise<string[]> {
  const path = join(root, name);
  if (!(await exists(path))) return [];
  if (!(await stat(path)).isDirectory()) return [name];
  return (await filesBelow(path)).filter((file) => !file.endsWith('.test.ts')).map((file) => `${name}/${file}`);
}
