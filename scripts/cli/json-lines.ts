import { once } from 'node:events';
import { z } from 'zod';
import { UsageError } from './errors.ts';
import { inputName, lineBatches } from './text-input.ts';

const JsonString = z.string();

/**
 * One JSON string a line in, one a line out, as they come: `change` makes the one of the other and is told the line's
 * number. A line that is no JSON string ends it with an error; those before it have been written.
 */
export async function changeJsonLines(file: string, change: (text: string, line: number) => string): Promise<void> {
  let line = 0;
  for await (const batch of lineBatches(file)) {
    const done: string[] = [];
    try {
      for (const text of batch) {
        line += 1;
        done.push(`${jsonLine(change(parse(text, file, line), line))}\n`);
      }
    } finally {
      await write(done.join(''));
    }
  }
}

/** A JSON string without any character that some reader takes for the end of a line. */
function jsonLine(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0085\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parse(text: string, file: string, line: number): string {
  try {
    return JsonString.parse(JSON.parse(text));
  } catch {
    throw new UsageError(
      `${inputName(file)}, line ${line}, is no JSON string.`,
      'With --jsonl every line is one string in double quotes, such as "It works again.\\n".',
    );
  }
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
