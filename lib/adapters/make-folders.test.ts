import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/content-root.ts';
import { makeFolders } from './make-folders.ts';

test('the folders that were not there are made, and named from the top', async () => {
  await using root = await temporaryFolder();
  const made = await makeFolders(join(root.path, 'a', 'b', 'c'));
  expect(made).toEqual([join(root.path, 'a'), join(root.path, 'a', 'b'), join(root.path, 'a', 'b', 'c')]);
  expect((await stat(join(root.path, 'a', 'b', 'c'))).isDirectory()).toBe(true);
  expect(await makeFolders(join(root.path, 'a', 'b', 'd'))).toEqual([join(root.path, 'a', 'b', 'd')]);
  expect(await makeFolders(join(root.path, 'a'))).toEqual([]);
});

test('a folder that can never be made is an error and no endless attempt', async () => {
  await using root = await temporaryFolder();
  await root.write('file', 'text');
  await expect(makeFolders(join(root.path, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolders(join(root.path, 'file', 'a', 'b'))).rejects.toThrow('ENOTDIR');
});

test.skipIf(process.platform !== 'linux')('a folder in a file system of the kernel cannot be made', async () => {
  await expect(makeFolders('/proc/candor/a')).rejects.toThrow('ENOENT');
});
