import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/content-root.ts';
import { expectEveryCutRepaired, type StatePlace, stateStoreContract } from '../../testing/state-store-contract.ts';
import { fileState } from './file-state.ts';

async function folderPlace(): Promise<StatePlace> {
  const root = await temporaryFolder();
  const folder = join(root.path, 'state');
  return {
    open: () => fileState(folder),
    options: '',
    bytes: async (path) => ((await filesUnder(folder)).includes(path) ? readFile(join(folder, path)) : undefined),
    damage: async (path, bytes) => {
      await mkdir(folder, { recursive: true });
      if (bytes === undefined) await rm(join(folder, path));
      else await writeFile(join(folder, path), bytes);
    },
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

async function filesUnder(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return readdir(folder, { recursive: true });
}

stateStoreContract('a folder', folderPlace);

test('wherever an append was cut off, the next goes on from the entries that were whole', () =>
  expectEveryCutRepaired(folderPlace));

test('reading makes no folder', async () => {
  await using root = await temporaryFolder();
  const state = fileState(join(root.path, 'a', 'state'));
  expect(await state.read('probes')).toBeUndefined();
  expect(await readdir(root.path)).toEqual([]);
});
