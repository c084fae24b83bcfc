import { lstat, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/content-root.ts';
import { Failure } from './failure.ts';
import { type OutputReport, writeOutput } from './output-folder.ts';
import { placeFile } from './place-file.ts';
import { filesBelow } from './tree.ts';

/** Writes texts by path and tells what was asked to be placed. */
async function write(place: string, texts: Record<string, string>): Promise<OutputReport & { asked: string[] }> {
  const dir = join(place, 'out');
  const asked: string[] = [];
  const report = await writeOutput(
    Object.entries(texts).map(([path, text]) => ({ path, fingerprint: `of ${text}` })),
    {
      dir,
      cacheDir: join(place, 'cache'),
      place: async (paths) => {
        asked.push(...paths);
        return paths.map((path) => placeFile(dir, path, texts[path] ?? ''));
      },
    },
  );
  return { ...report, asked };
}

test('the folder holds exactly the files', async () => {
  await using place = await temporaryFolder();
  expect(await write(place.path, { 'index.html': 'front', 'incidents/a/index.html': 'a' })).toEqual({
    asked: ['index.html', 'incidents/a/index.html'],
    written: ['index.html', 'incidents/a/index.html'],
    removed: [],
    bytes: 6,
  });
  expect(await filesBelow(join(place.path, 'out'))).toEqual(['incidents/a/index.html', 'index.html']);
});

test('what did not change is neither made again nor written', async () => {
  await using place = await temporaryFolder();
  await write(place.path, { 'index.html': 'front', 'a.html': 'a' });
  expect(await write(place.path, { 'index.html': 'new front', 'a.html': 'a' })).toEqual({
    asked: ['index.html'],
    written: ['index.html'],
    removed: [],
    bytes: 10,
  });
});

test('without a memory of the last build files are made again, and those with the same bytes are left untouched', async () => {
  await using place = await temporaryFolder();
  await write(place.path, { 'index.html': 'front' });
  const before = await stat(join(place.path, 'out/index.html'));
  for (const memory of await filesBelow(join(place.path, 'cache'))) await place.write(`cache/${memory}`, '{ broken');
  expect(await write(place.path, { 'index.html': 'front' })).toMatchObject({ asked: ['index.html'], written: [] });
  expect((await stat(join(place.path, 'out/index.html'))).mtimeMs).toBe(before.mtimeMs);
});

test('a file that somebody changed or deleted is restored', async () => {
  await using place = await temporaryFolder();
  await write(place.path, { 'index.html': 'front' });
  await place.write('out/index.html', 'defaced');
  expect(await write(place.path, { 'index.html': 'front' })).toMatchObject({ written: ['index.html'] });
  expect(await readFile(join(place.path, 'out/index.html'), 'utf8')).toBe('front');
});

test('what is left of an earlier build is removed, and the folders that it leaves empty', async () => {
  await using place = await temporaryFolder();
  await write(place.path, { 'index.html': 'front', 'incidents/a/index.html': 'a', 'incidents/b/index.html': 'b' });
  expect(await write(place.path, { 'index.html': 'front', 'incidents/b/index.html': 'b' })).toMatchObject({
    removed: ['incidents/a/index.html'],
  });
  await expect(stat(join(place.path, 'out/incidents/a'))).rejects.toThrow('ENOENT');
  await write(place.path, { 'index.html': 'front' });
  await expect(stat(join(place.path, 'out/incidents'))).rejects.toThrow('ENOENT');
});

test('nothing is written through a link', async () => {
  await using place = await temporaryFolder();
  await place.write('elsewhere/index.html', 'theirs');
  await place.write('out/current.json', '{}');
  await symlink(join(place.path, 'elsewhere'), join(place.path, 'out/incidents'));
  await symlink(join(place.path, 'elsewhere/index.html'), join(place.path, 'out/index.html'));
  await write(place.path, { 'index.html': 'front', 'incidents/index.html': 'list' });
  expect(await readFile(join(place.path, 'elsewhere/index.html'), 'utf8')).toBe('theirs');
  expect((await lstat(join(place.path, 'out/incidents'))).isDirectory()).toBe(true);
  expect(await readFile(join(place.path, 'out/incidents/index.html'), 'utf8')).toBe('list');
});

test('a folder that cannot be written to is a failure that says what to do', async () => {
  await using place = await temporaryFolder();
  await place.write('out', 'a file');
  await mkdir(join(place.path, 'cache'));
  const failure = await write(place.path, { 'index.html': 'front' }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    message: `The page could not be written to ${join(place.path, 'out')}.`,
    fix: 'Make sure that the folder can be written and that the disk is not full, then build again.',
  });
});
