import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentFiles } from './builders.ts';

/** A folder of content on disk that lives as long as a test. */
export interface TemporaryRoot extends AsyncDisposable {
  readonly path: string;
  /** Write a file, and the folders on its way. */
  write(path: string, text: string | Uint8Array): Promise<void>;
}

/** A sound content root on disk, changed as `contentFiles` is; remove it with `await using`. */
export async function temporaryContentRoot(changes: Parameters<typeof contentFiles>[0] = {}): Promise<TemporaryRoot> {
  const root = await temporaryFolder();
  for (const { path, bytes } of contentFiles(changes)) await root.write(path, bytes);
  return root;
}

/** An empty folder on disk; remove it with `await using`. */
export async function temporaryFolder(): Promise<TemporaryRoot> {
  const root = await mkdtemp(join(tmpdir(), 'candor-'));
  return {
    path: root,
    async write(path, text) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    },
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}
