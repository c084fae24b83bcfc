import { fileStart, problem } from '../policy/rules.ts';
import type { Position, Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';

/** A file's text with LF line endings and without a byte order mark, and what was wrong with its bytes. */
export interface SourceText {
  /** Absent where the bytes are not UTF-8. */
  readonly text: string | undefined;
  readonly problems: readonly Problem[];
}

/** Decode a file strictly; positions in the text are positions in the file. */
export function readSourceText({ path, bytes }: SourceFile): SourceText {
  const decoded = decode(bytes);
  if (decoded === undefined) {
    const at = firstInvalidByte(bytes);
    return { text: undefined, problems: [notUtf8(path, bytes, at)] };
  }
  const problems: Problem[] = [];
  let text = decoded;
  if (text.startsWith('\uFEFF')) {
    text = text.slice(1);
    problems.push(
      problem(
        'byte-order-mark',
        path,
        fileStart,
        'The file begins with a byte order mark.',
        'Save it as UTF-8 without a BOM.',
      ),
    );
  }
  if (text.includes('\r')) {
    problems.push(carriageReturn(path, text));
    text = text.replace(/\r\n?/g, '\n');
  }
  const control = text.search(controlCharacter);
  if (control !== -1) problems.push(controlProblem(path, text, control));
  return { text, problems };
}

/** The place of an offset in a text with LF line endings. */
export function positionAt(text: string, offset: number): Position {
  const lineStart = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < lineStart; i = text.indexOf('\n', i + 1)) line += 1;
  return { line, column: offset - lineStart + 1 };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Everything invisible that YAML and Markdown have no use for: C0 and C1 controls but tab and line feed, and bidirectional overrides. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controlCharacter = /[\u0000-\u0008\u000B-\u001F\u007F-\u0084\u0086-\u009F\u202A-\u202E\u2066-\u2069]/;

function decode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Search for the longest prefix that could still become UTF-8; what follows it is the first byte that cannot. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8Prefix(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return Math.min(valid, Math.max(bytes.length - 1, 0));
}

function isUtf8Prefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function notUtf8(path: string, bytes: Uint8Array, offset: number): Problem {
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, offset), { stream: true });
  const at = positionAt(before, before.length);
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0').toUpperCase();
  return problem(
    'encoding',
    path,
    at,
    `Byte ${offset + 1} of the file (0x${byte}) is not UTF-8.`,
    'Save the file as UTF-8 (in most editors: "Save with encoding").',
  );
}

function carriageReturn(path: string, text: string): Problem {
  return problem(
    'line-ending',
    path,
    positionAt(text, text.indexOf('\r')),
    'Lines end with a carriage return (Windows line endings).',
    'Save the file with LF line endings; in git, `* text=auto eol=lf` in .gitattributes keeps it so.',
  );
}

function controlProblem(path: string, text: string, offset: number): Problem {
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return problem(
    'control-character',
    path,
    positionAt(text, offset),
    `There is an invisible control character (U+${code}) here.`,
    'Delete it; text needs line feeds and tabs at most.',
  );
}
