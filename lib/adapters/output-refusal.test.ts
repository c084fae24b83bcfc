import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryContentRoot, temporaryFolder } from '../testing/content-root.ts';
import { refusalOf } from './output-refusal.ts';
import { forgetBuild, rememberBuild } from './unfinished-build.ts';

const builtSnapshot = '{"version":1,"generated_at":"2026-11-20T10:07:00Z","overall":{"status":"operational"}}';

test('a folder that does not exist, an empty one and one with an earlier build are written to', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  await mkdir(join(place.path, 'empty'));
  await place.write('built/current.json', builtSnapshot);
  await place.write('built/index.html', '<p>old</p>');
  for (const name of ['new/below', 'empty', 'built']) {
    expect(
      await refusalOf(join(place.path, name), { root: root.path, others: [], cacheDir: '/nowhere' }),
    ).toBeUndefined();
  }
});

test('a folder with files of somebody else is refused, whatever they are called', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  await place.write('letters/love.txt', 'Dear');
  await place.write('other/current.json', '{"version":2}');
  await place.write('broken/current.json', '{');
  for (const name of ['letters', 'other', 'broken']) {
    const dir = join(place.path, name);
    expect(await refusalOf(dir, { root: root.path, others: [], cacheDir: '/nowhere' })).toEqual({
      message: `${dir} is not empty and holds no page that candor built.`,
      fix: 'Name a folder of its own with --out; a new one is made. Or empty it yourself.',
    });
  }
});

test('a file is refused', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  await place.write('page', 'text');
  expect(
    (await refusalOf(join(place.path, 'page'), { root: root.path, others: [], cacheDir: '/nowhere' }))?.message,
  ).toBe(`${join(place.path, 'page')} is a file.`);
});

test('the content, what contains it, and other protected folders are refused, even with a snapshot in them', async () => {
  await using root = await temporaryContentRoot({ 'current.json': builtSnapshot });
  await using home = await temporaryFolder();
  const guarded = { root: root.path, others: [home.path], cacheDir: '/nowhere' };
  expect((await refusalOf(root.path, guarded))?.message).toBe(`${root.path} is or contains ${root.path}.`);
  expect((await refusalOf(join(root.path, '..'), guarded))?.message).toBe(
    `${join(root.path, '..')} is or contains ${root.path}.`,
  );
  expect((await refusalOf(home.path, guarded))?.message).toBe(`${home.path} is or contains ${home.path}.`);
  expect((await refusalOf('/', guarded))?.message).toBe(`/ is or contains ${root.path}.`);
});

test('a folder among the content is refused, one beside it in the same root is not', async () => {
  await using root = await temporaryContentRoot();
  const guarded = { root: root.path, others: [], cacheDir: '/nowhere' };
  const among = join(root.path, 'incidents', 'dist');
  expect((await refusalOf(among, guarded))?.message).toBe(
    `${among} lies among the content of ${join(root.path, 'incidents')}.`,
  );
  expect(await refusalOf(join(root.path, 'dist'), guarded)).toBeUndefined();
});

test('a link that leads to the content is refused like the content', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  const link = join(place.path, 'dist');
  await symlink(root.path, link);
  expect((await refusalOf(link, { root: root.path, others: [], cacheDir: '/nowhere' }))?.message).toBe(
    `${link} is or contains ${root.path}.`,
  );
});

test('what a build left when it was cut off is written to again, and nothing else beside it', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  const dir = join(place.path, 'page');
  const guarded = { root: root.path, others: [], cacheDir: join(place.path, 'cache') };
  await place.write('page/history/index.html', '<p>half</p>');
  await place.write('page/history/.4711-0-2.tmp', '<p>ha');
  expect(await refusalOf(dir, guarded)).toBeDefined();
  await rememberBuild(dir, guarded.cacheDir, ['history/index.html', 'index.html']);
  expect(await refusalOf(dir, guarded)).toBeUndefined();
  await place.write('page/love.txt', 'Dear');
  expect(await refusalOf(dir, guarded)).toBeDefined();
  await rm(join(dir, 'love.txt'));
  await forgetBuild(dir, guarded.cacheDir);
  expect(await refusalOf(dir, guarded)).toBeDefined();
});
