import { spawn } from 'node:child_process';
import { Failure } from './failure.ts';

/** git ended with an error of its own; the message is what it said. */
export class GitError extends Error {}

/** What git prints when it is run in `folder` with `args` and reads `input`; `GitError` where it refuses. By default its environment is ours. */
export async function git(
  folder: string,
  args: readonly string[],
  input: string | Uint8Array = '',
  env?: NodeJS.ProcessEnv,
): Promise<Buffer> {
  const { code, output, errors } = await runGit(['--no-optional-locks', '-C', folder, ...args], { input, env });
  if (code === 0) return output;
  throw new GitError(errors.toString('utf8').trim());
}

/** How git is run; without `env` in our own environment, without `timeoutMs` for as long as it takes. */
interface GitRun {
  readonly input: string | Uint8Array;
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly timeoutMs?: number;
}

/** How git ended; without a code it was killed. */
interface GitEnd {
  readonly code: number | null;
  readonly output: Buffer;
  readonly errors: Buffer;
}

/** Run git to its end, whatever it says; a failure where it cannot be started. */
export function runGit(args: readonly string[], { input, env, timeoutMs }: GitRun): Promise<GitEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // A git that ends before it has read everything says why when it closes.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' || reject(error));
    child.on('error', (cause) => reject(noGit(cause)));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output), errors: Buffer.concat(errors) }));
    child.stdin.end(input);
  });
}

/** The same as one line of text. */
export async function gitLine(folder: string, args: readonly string[], input?: string | Uint8Array): Promise<string> {
  return (await git(folder, args, input)).toString('utf8').trim();
}

/** The same, or `undefined` where git refuses. */
export async function gitLineOrNone(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await gitLine(folder, args);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

function noGit(cause: Error): Failure {
  return new Failure('git could not be started.', { fix: 'Install git.', cause });
}
