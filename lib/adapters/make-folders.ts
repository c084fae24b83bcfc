import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Make the folder and those on its way; resolves to those that were not there, the topmost first. One after the other:
 * where a parent can never be made, Node's own recursion goes on for ever, or hides why.
 */
export async function makeFolders(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return [];
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
  }
  const above = await makeFolders(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return [...above, folder];
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
