import type { SourceFile } from './content.ts';

/** Whether a file is an incident's that may not be over. Looks at the front matter's bytes alone and loads no parser. */
export function mayBeOpen({ path }: SourceFile): boolean {
  return path.startsWith('incidents/');
}
