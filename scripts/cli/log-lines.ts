import { pino } from 'pino';

/** So many bytes of lines are written together: a system call for each costs more than all the rest of a refusal. */
const togetherBytes = 8192;
/** So long a line waits for others at most; what went wrong waits for nothing. */
const holdMs = 250;

/** Where the lines of a log go, on their way to standard output. */
export type LogLines = ReturnType<typeof pino.destination>;

/** Standard output for a log, written in batches; whatever still waits is written when the process ends by itself. */
export function logLines(): LogLines {
  const lines = pino.destination({
    dest: process.stdout.fd,
    minLength: togetherBytes,
    periodicFlush: holdMs,
    sync: true,
  });
  process.once('exit', () => lines.end());
  return lines;
}
