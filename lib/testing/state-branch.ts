import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TemporaryRoot, temporaryFolder } from './content-root.ts';

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
  run(root.path, ['init', '-q', '--bare', '--template=', '-b', 'main', bare]);
  run(bare, ['fast-import', '--quiet'], { input: firstCommit });
  run(root.path, ['clone', '-q', '--template=', bare, clone]);
  return {
    clone,
    bare,
    bytes: (path, branch = 'candor-state') => blobOf(bare, `${branch}:${path}`),
    put: (path, bytes, branch = 'candor-state') => putFile(root, bare, branch, path, bytes),
    git: (folder, ...args) => run(folder === 'clone' ? clone : bare, args).toString('utf8'),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
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

const person = ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com'];

function run(
  cwd: string,
  args: readonly string[],
  more: { input?: Uint8Array | string; env?: NodeJS.ProcessEnv } = {},
): Buffer {
  const { input = '', env = {} } = more;
  return execFileSync('git', args, { cwd, input, env: { ...process.env, ...env }, stdio: 'pipe', maxBuffer: 2 ** 30 });
}

function exists(bare: string, object: string): boolean {
  try {
    run(bare, ['cat-file', '-e', object]);
    return true;
  } catch (error) {
    if (error instanceof Error && 'status' in error) return false;
    throw error;
  }
}

function blobOf(bare: string, object: string): Buffer | undefined {
  return exists(bare, object) ? run(bare, ['cat-file', 'blob', object]) : undefined;
}

function putFile(
  root: TemporaryRoot,
  bare: string,
  branch: string,
  path: string,
  bytes: Uint8Array | string | undefined,
): void {
  const env = { GIT_INDEX_FILE: join(root.path, 'index') };
  run(bare, exists(bare, branch) ? ['read-tree', branch] : ['read-tree', '--empty'], { env });
  if (!existsSync(env.GIT_INDEX_FILE)) run(bare, ['read-tree', '--empty'], { env });
  if (bytes === undefined) run(bare, ['rm', '-q', '--cached', path], { env });
  else {
    const id = run(bare, ['hash-object', '-w', '--stdin'], { input: bytes }).toString('utf8').trim();
    run(bare, ['update-index', '--add', '--cacheinfo', `100644,${id},${path}`], { env });
  }
  const tree = run(bare, ['write-tree'], { env }).toString('utf8').trim();
  const commit = run(bare, [...person, 'commit-tree', '-m', 'Damage', tree])
    .toString('utf8')
    .trim();
  run(bare, ['update-ref', `refs/heads/${branch}`, commit]);
}
