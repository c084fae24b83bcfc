import { enableCompileCache } from 'node:module';
import { Readable, Writable } from 'node:stream';

/**
 * A process that runs one command line of `candor` after the other, each with arguments, a folder, an environment and an
 * input of its own, and tells what came of it. It ends with whoever started it.
 */

/** One command line, as it is asked for. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
}

/** What a command line did. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

enableCompileCache();
const { run } = await import('../../scripts/cli/run.ts');

const end = process.exit.bind(process);
process.on('disconnect', () => end(0));
process.on('message', async (line: CommandLine) => {
  process.send?.(await ran(line));
});
process.send?.('ready');

/** Run it to its end: until it returns and what it printed is on its way, or until it ends the process. */
async function ran({ args, cwd, env, input }: CommandLine): Promise<CommandEnd> {
  process.chdir(cwd);
  process.env = { ...env };
  process.exitCode = undefined;
  const [stdout, stderr] = [new Kept(), new Kept()];
  stand('stdin', Readable.from(input === '' ? [] : [Buffer.from(input)]));
  stand('stdout', stdout);
  stand('stderr', stderr);
  const restore = listenersOf(['uncaughtException', 'warning', 'exit', 'SIGINT', 'SIGTERM', 'SIGHUP']);
  const code = await new Promise<number>((resolve, reject) => {
    stand('exit', (code: number | undefined = Number(process.exitCode ?? 0)) => resolve(code));
    const done = () => stdout.write('', () => stderr.write('', () => process.exit()));
    run(args).then(done, reject);
  });
  restore();
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A stream that keeps what is written to it. */
class Kept extends Writable {
  readonly #chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: BufferEncoding, written: () => void): void {
    this.#chunks.push(chunk);
    written();
  }
  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** Let something stand for a part of this process. */
function stand(name: 'stdin' | 'stdout' | 'stderr' | 'exit', value: unknown): void {
  Object.defineProperty(process, name, { value, configurable: true, writable: true });
}

/** Who listens to this process; call the answer to have these listen and nobody else. */
function listenersOf(events: readonly string[]): () => void {
  const before = events.map((event) => [event, process.rawListeners(event)] as const);
  return () => {
    for (const [event, listeners] of before) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener as () => void);
    }
  };
}
