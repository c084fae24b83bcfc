import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably } from './durable-file.ts';

/** Make the folder that a state lies in, where there is none; git leaves all that is in it alone. */
export async function makeStateFolder(folder: string): Promise<void> {
  await makeFolderDurably(folder);
  try {
    await writeFile(join(folder, '.gitignore'), '# What machines measured is no content\n*\n', { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
