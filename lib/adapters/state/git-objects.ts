import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, GitRefused } from './git-command.ts';

/** The files of a commit that is to be made: new bytes, or a blob that is there. */
export type NewTree = ReadonlyMap<string, Uint8Array | { readonly id: string }>;

/** Files up to so many bytes are read together: a process for each costs more than what nobody asks for. */
const smallBytes = 2 ** 20;

/** Reads blobs by their ids, which are among those of `files`: the first of the small ones brings all of them, a large one comes alone. */
export function blobReader(
  git: Git,
  files: readonly { readonly id: string; readonly size: number }[],
): (id: string) => Promise<Buffer> {
  const small = new Set(files.filter(({ size }) => size <= smallBytes).map(({ id }) => id));
  let known: Promise<ReadonlyMap<string, Buffer>> | undefined;
  return async (id) => {
    if (!small.has(id)) return git(['cat-file', 'blob', id]);
    known ??= blobsOf(git, [...small]);
    const blob = (await known).get(id);
    if (blob === undefined) throw new Error(`git gave no blob ${id}.`);
    return blob;
  };
}

/** These blobs, as `git cat-file --batch` writes them: a line of id, type and size, the bytes, a line feed. */
async function blobsOf(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const output = await git(['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at);
    const [id = '', type, size] = output.toString('utf8', at, end).split(' ');
    if (type !== 'blob') throw new GitRefused(`${id} is ${type}.`);
    at = end + 1 + Number(size) + 1;
    blobs.set(id, output.subarray(end + 1, at - 1));
  }
  return blobs;
}

/**
 * A commit without a parent. Who made it says nothing of the machine. It is like no other, even of the same files: else
 * two writers of the same would both believe that the branch moved by what they did. `folder` is where new bytes may lie.
 */
export async function commitOf(git: Git, files: NewTree, folder: string): Promise<string> {
  const entries: string[] = [];
  const folders = new Map<string, string[]>();
  for (const [path, id] of await idsOf(git, files, folder)) {
    const [parent, name] = path.includes('/') ? path.split('/') : [undefined, path];
    const lines = parent === undefined ? entries : (folders.get(parent) ?? []);
    lines.push(`100644 blob ${id}\t${name}\0`);
    if (parent !== undefined) folders.set(parent, lines);
  }
  for (const [name, lines] of folders) entries.push(`040000 tree ${await tree(git, lines)}\t${name}\0`);
  const top = await tree(git, entries);
  const who = ['-c', 'user.name=Candor', '-c', 'user.email=candor@localhost'];
  return (await git([...who, 'commit-tree', '--no-gpg-sign', '-m', `State ${randomUUID()}`, top]))
    .toString('utf8')
    .trim();
}

/** The id of each file, by its path. New bytes are stored by one process of git, which reads them from `folder`. */
async function idsOf(git: Git, files: NewTree, folder: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const fresh: string[] = [];
  for (const [path, content] of files) {
    if (content instanceof Uint8Array) {
      await writeFile(join(folder, `new-${fresh.length}`), content);
      fresh.push(path);
    } else ids.set(path, content.id);
  }
  if (fresh.length === 0) return ids;
  const paths = fresh.map((_, index) => `${join(folder, `new-${index}`)}\n`).join('');
  const stored = (await git(['hash-object', '-w', '--no-filters', '--stdin-paths'], paths))
    .toString('utf8')
    .split('\n');
  for (const [index, path] of fresh.entries()) ids.set(path, stored[index] ?? '');
  return ids;
}

async function tree(git: Git, lines: readonly string[]): Promise<string> {
  return (await git(['mktree', '-z'], lines.join(''))).toString('utf8').trim();
}
