import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import type { CommandLine } from './command-process.ts';

/** The repository's own folder. */
export const repository = join(import.meta.dirname, '..', '..');

const main = join(repository, 'scripts', 'candor.ts');
const runnerProgram = join(import.meta.dirname, 'command-process.ts');

/** How a command is run: where, what it reads, and what its environment has beyond this one's. */
export interface Run {
  /** Whether in a process that ran nothing before, as an operator's does: for what a process does when it begins and ends. */
  readonly fresh?: boolean;
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Run `candor` with `args` in another process, without a terminal, to its end. That process is used again by the next
 * one, which saves loading the program each time; several at once have one each.
 */
export async function candor(args: readonly string[], run: Run = {}): Promise<Ended> {
  const { cwd = process.cwd(), input = '', env = {}, fresh = Object.keys(env).some(isReadAtStart) } = run;
  if (fresh) return candorAlone(args, run);
  const runner = idle.pop() ?? (await startRunner());
  const ended = await answerOf(runner, { args, cwd, input, env: environment(env) });
  idle.push(runner);
  return ended;
}

/** Variables that a process looks at when it begins, and not again. */
function isReadAtStart(name: string): boolean {
  return /^(?:NODE_.*|NO_COLOR|FORCE_COLOR)$/.test(name);
}

const idle: ChildProcess[] = [];

async function startRunner(): Promise<ChildProcess> {
  const runner = fork(runnerProgram, [], {
    execArgv: [],
    env: environment({}),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await answer(runner);
  return runner;
}

async function answerOf(runner: ChildProcess, line: CommandLine): Promise<Ended> {
  runner.ref();
  runner.channel?.ref();
  runner.send(line);
  const ended = await answer(runner);
  runner.unref();
  runner.channel?.unref();
  return ended;
}

/** What the process tells next; fails where it ends instead. */
async function answer(runner: ChildProcess): Promise<Ended> {
  return await new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`The process of candor ended with ${code}.`));
    runner.once('exit', failed);
    runner.once('message', (message) => {
      runner.off('exit', failed);
      resolve(message as Ended);
    });
  });
}

async function candorAlone(args: readonly string[], { cwd, input = '', env = {} }: Run): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd, env: environment(env), stdio: 'pipe' });
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** A command that keeps running. */
export interface Running {
  /** Resolves to the match once a line that was not asked about before, of either stream, matches; fails when the command ends first. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Ask it to stop, as Ctrl-C does; resolves to its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** Start `candor` with `args` and leave it running. */
export function startCandor(args: readonly string[], { cwd, env = {} }: Run = {}): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const lines = linesOf(child, ended);
  return {
    line: async (pattern) => {
      const seen: string[] = [];
      for (;;) {
        const next = await lines.next();
        if (next === undefined) throw new Error(`No line matched ${pattern}; there were:\n${seen.join('\n')}`);
        seen.push(next);
        const match = pattern.exec(next);
        if (match !== null) return match;
      }
    },
    stop: async (signal = 'SIGINT') => {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

function environment(more: Run['env']): NodeJS.ProcessEnv {
  return { ...process.env, CI: '1', NO_COLOR: '1', FORCE_COLOR: undefined, ...more };
}

function linesOf(child: ChildProcess, ended: Promise<unknown>): { next: () => Promise<string | undefined> } {
  const waiting: string[] = [];
  let done = false;
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      waiting.push(line);
      wake();
    });
  }
  void ended.then(() => {
    done = true;
    wake();
  });
  return {
    next: async () => {
      while (waiting.length === 0 && !done) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift();
    },
  };
}
