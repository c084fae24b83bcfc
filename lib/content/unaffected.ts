import { configPath } from './config-file.ts';
import type { SourceFile } from './content.ts';

/**
 * Whether a change from `base` to `head` can affect every incident: where it touches the settings, which say what is
 * redacted, or a component, which incidents name. A probe affects none.
 */
export function decidesAll(base: readonly SourceFile[], head: readonly SourceFile[]): boolean {
  const before = new Map(base.filter(isShared).map(({ path, bytes }) => [path, bytes]));
  const after = head.filter(isShared);
  return before.size !== after.length || after.some(({ path, bytes }) => !sameBytes(bytes, before.get(path)));
}

/** The paths of incidents that are the same in `base` and `head`, byte for byte. */
export function sameFiles(base: readonly SourceFile[], head: readonly SourceFile[]): ReadonlySet<string> {
  const before = new Map(base.map(({ path, bytes }) => [path, bytes]));
  const same = head.filter(({ path, bytes }) => path.startsWith('incidents/') && sameBytes(bytes, before.get(path)));
  return new Set(same.map(({ path }) => path));
}

function isShared({ path }: SourceFile): boolean {
  return path === configPath || path.startsWith('components/');
}

/** Whether two files hold the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}
