import type { SourceFile } from './content.ts';

/**
 * Whether a file is an incident's that may not be over. Only the bytes before the front matter ends are looked at, and
 * no parser is loaded: a line `state: resolved` there is the state, or the file is no incident at all.
 */
export function mayBeOpen({ path, bytes }: SourceFile): boolean {
  if (!path.startsWith('incidents/')) return false;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\n---', 3);
  if (end === -1) return true;
  const front = buffer.toString('latin1', 0, end);
  return front.includes('\r') || !blockMap.test(front) || !/^state: *resolved *$/m.test(front);
}

/** Comments, then a key at the start of a line: in such YAML every key at the start of a line is one of the file's own. */
const blockMap = /^---\n(?:#.*\n|\n)*[a-z_]+:/;
