import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The engine's own folder. */
export const engineDir = join(import.meta.dirname, '..', '..');

/**
 * Where compiled templates and rendered Markdown are kept: with the engine's packages, or in the state of `root` where
 * the engine's folder cannot be written to.
 */
export function cacheDirFor(root: string): string {
  const own = join(engineDir, 'node_modules', '.cache', 'candor');
  return isWritable(own) ? own : join(root, '.state', 'cache');
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
