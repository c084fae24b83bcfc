import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/content-root.ts';
import { filesBelow, hashFiles, removeOld } from './tree.ts';

test('what is old and has the prefix is removed; what is newer or called otherwise stays', async () => {
  await using place = await temporaryFolder();
  for (const name of ['site-old/a', 'site-new/a', 'other-old/a']) await place.write(name, 'text');
  for (const name of ['site-old', 'other-old']) {
    await utimes(join(place.path, name), new Date('2026-11-01T00:00:00Z'), new Date('2026-11-01T00:00:00Z'));
  }
  await utimes(join(place.path, 'site-new'), new Date('2026-11-14T00:00:00Z'), new Date('2026-11-14T00:00:00Z'));
  await removeOld(place.path, ['site-'], new Date('2026-11-20T00:00:00Z'));
  expect(await filesBelow(place.path)).toEqual(['other-old/a', 'site-new/a']);
});

test('the hash of files changes with their names and bytes, and not with tests or other files', async () => {
  await using place = await temporaryFolder();
  const hash = () => hashFiles(place.path, ['lib', 'package.json'], []);
  await place.write('lib/a.ts', 'one');
  const before = await hash();
  await place.write('lib/a.test.ts', 'test');
  await place.write('elsewhere.ts', 'two');
  expect(await hash()).toBe(before);
  await place.write('lib/a.ts', 'two');
  expect(await hash()).not.toBe(before);
});
