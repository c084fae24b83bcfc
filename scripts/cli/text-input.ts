import { readFile } from 'node:fs/promises';
import { UsageError } from './errors.ts';

/** What stands for standard input among files. */
export const standardInput = '-';

/** How an input is called in messages. */
export function inputName(file: string): string {
  return file === standardInput ? 'standard input' : file;
}

/** The whole text of a file, or of standard input where it is `-`. */
export async function readInput(file: string): Promise<string> {
  if (file === standardInput) return decode(await bytesOfStandardInput(), file);
  return decode(await bytesOf(file), file);
}

/**
 * The lines of a file or of standard input, some at a time as they come, so that there may be any number of them.
 * Lines end with a line feed alone: within JSON there are no others.
 */
export async function* lineBatches(file: string): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest: string[] = [];
  for await (const chunk of chunksOf(file)) {
    const [first = '', ...lines] = decodeChunk(decoder, chunk, file).split('\n');
    if (lines.length === 0) {
      rest.push(first);
      continue;
    }
    yield [[...rest, first].join(''), ...lines.slice(0, -1)];
    rest = [lines.at(-1) ?? ''];
  }
  const last = rest.join('') + decodeChunk(decoder, undefined, file);
  if (last !== '') yield [last];
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  if (file !== standardInput) {
    yield await bytesOf(file);
    return;
  }
  hintAtTerminal();
  for await (const chunk of process.stdin) yield chunk;
}

async function bytesOfStandardInput(): Promise<Uint8Array> {
  hintAtTerminal();
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function hintAtTerminal(): void {
  if (process.stdin.isTTY) process.stderr.write('Reading from the terminal; Ctrl-D ends the text.\n');
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = reasons.get(code);
    if (reason === undefined) throw error;
    throw new UsageError(`${file} ${reason}.`, 'Name a file of text, or - for standard input.');
  }
}

const reasons = new Map([
  ['ENOENT', 'does not exist'],
  ['EISDIR', 'is a folder'],
  ['ENOTDIR', 'does not exist'],
]);

function decode(bytes: Uint8Array, file: string): string {
  return decodeChunk(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes, file, false);
}

function decodeChunk(
  decoder: TextDecoder,
  bytes: Uint8Array | undefined,
  file: string,
  stream = bytes !== undefined,
): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new UsageError(`${inputName(file)} is not UTF-8 text.`, 'Convert it to UTF-8 first.');
  }
}
