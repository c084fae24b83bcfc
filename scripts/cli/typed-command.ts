import type { Context } from './context.ts';

/** A command as somebody would type it for the same content. */
export function commandFor({ root }: Pick<Context, 'root'>, command: string): string {
  return root === process.cwd() ? `candor ${command}` : `candor ${command} --root ${quoted(root)}`;
}

function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
