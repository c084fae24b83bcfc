import type { Command } from 'commander';
import { endOnceRead } from './end-once-read.ts';
import { leaveOutForeignWarnings } from './foreign-warnings.ts';
import { programFor } from './program.ts';
import { exitCodeOf, reportError } from './report-error.ts';

/** Run one command line to its end and set the exit code: 0 fine, 1 problems, 2 used wrongly, 3 the world refused. */
export async function run(args: readonly string[]): Promise<void> {
  stopQuietlyWhenNobodyReads();
  leaveOutForeignWarnings();
  const debug = args.includes('--debug');
  process.on('uncaughtException', (error) => {
    process.exit(report(error, debug));
  });
  try {
    const program: Command = await programFor(args);
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, debug);
    // A request that nobody waits for any more must not keep the process.
    endOnceRead();
  }
}

function report(error: unknown, debug: boolean): number {
  process.stderr.write(reportError(error, { debug, colour: process.stderr.isTTY === true }));
  return exitCodeOf(error);
}

/** `candor check | head` ends when `head` does. */
function stopQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}
