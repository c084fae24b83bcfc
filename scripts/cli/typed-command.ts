import type { Context } from './context.ts';

/** A command as somebody would type it for the same content. */
export function commandFor({ root: real, typedRoot }: Pick<Context, 'root' | 'typedRoot'>, command: string): string {
  const root = typedRoot ?? real;
  return root === process.cwd() ? `candor ${command}` : `candor ${command} --root ${quoted(root)}`;
}

/** A path as a shell reads it as one word. */
export function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
