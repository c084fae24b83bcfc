import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../adapters/tree.ts';
import { temporaryFolder } from './content-root.ts';

/** A bare repository and a clone of it on this machine, as long as a test. */
export interface Remote extends AsyncDisposable {
  /** Folder of the clone, which has one commit on `main`. */
  readonly clone: string;
  /** Folder of the bare repository. */
  readonly bare: string;
  /** What a file of the branch holds; `undefined` where there is none. */
  readonly bytes: (path: string, branch?: string) => Buffer | undefined;
  /** Replace the branch by one commit in which this file holds that; `undefined`: in which there is no such file. */
  readonly put: (path: string, bytes: Uint8Array | string | undefined, branch?: string) => void;
  /** git in either folder. */
  readonly git: (folder: 'clone' | 'bare', ...args: string[]) => string;
}

/** A remote of a fresh repository; remove it with `await using`. */
export async function temporaryRemote(): Promise<Remote> {
  const root = await temporaryFolder();
  const [clone, bare] = [join(root.path, 'clone'), join(root.path, 'origin.git')];
  pattern ??= await made();
  for (const [path, bytes] of pattern) await root.write(path, bytes);
  run(clone, ['config', 'remote.origin.url', bare]);
  return {
    clone,
    bare,
    bytes: (path, branch = 'candor-state') => blobOf(bare, `${branch}:${path}`),
    put: (path, bytes, branch = 'candor-state') => putFile(bare, branch, path, bytes),
    git: (folder, ...args) => run(folder === 'clone' ? clone : bare, args).toString('utf8'),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

/** The files of a remote and its clone, of which every other is a copy: that needs none of nine processes of git. */
let pattern: ReadonlyMap<string, Uint8Array> | undefined;

async function made(): Promise<ReadonlyMap<string, Uint8Array>> {
  await using root = await temporaryFolder();
  const [clone, bare] = [join(root.path, 'clone'), join(root.path, 'origin.git')];
  run(root.path, ['init', '-q', '--bare', '--template=', '-b', 'main', bare]);
  run(bare, ['config', 'receive.autogc', 'false']);
  run(bare, ['fast-import', '--quiet'], firstCommit);
  run(root.path, ['clone', '-q', '--template=', bare, clone]);
  const paths = await filesBelow(root.path);
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(root.path, path))] as const)));
}

/** `main` with one file, as `git fast-import` reads it: in one process what else takes four. */
const firstCommit = `commit refs/heads/main
committer Operator <operator@example.com> 1763632800 +0000
data 6
Begin
M 644 inline README.md
data 6
Hello
`;

function run(cwd: string, args: readonly string[], input: Uint8Array | string = ''): Buffer {
  return execFileSync('git', args, { cwd, input, stdio: 'pipe', maxBuffer: 2 ** 30 });
}

/** The same, or `undefined` where git refuses. */
function runOrNone(cwd: string, args: readonly string[]): Buffer | undefined {
  try {
    return run(cwd, args);
  } catch (error) {
    if (error instanceof Error && 'status' in error) return undefined;
    throw error;
  }
}

function blobOf(bare: string, object: string): Buffer | undefined {
  return runOrNone(bare, ['cat-file', 'blob', object]);
}

function putFile(bare: string, branch: string, path: string, bytes: Uint8Array | string | undefined): void {
  const tree = runOrNone(bare, ['rev-parse', '--verify', '--quiet', `${branch}^{tree}`]);
  const content = bytes === undefined ? undefined : Buffer.from(bytes);
  const lines = [
    `reset refs/heads/${branch}\n`,
    `commit refs/heads/${branch}\n`,
    'committer Operator <operator@example.com> 1763632800 +0000\ndata 6\nDamage\n',
    tree === undefined ? '' : `M 040000 ${tree.toString('utf8').trim()} \n`,
    content === undefined ? `D ${path}\n` : `M 644 inline ${path}\ndata ${content.length}\n`,
    content ?? '',
    '\n',
  ];
  run(bare, ['fast-import', '--quiet', '--force'], Buffer.concat(lines.map((line) => Buffer.from(line))));
}
