import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editFile } from './edit-file.ts';
import { Failure } from './failure.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candor-edit-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a new file is written with its folders', async () => {
  const path = join(folder, 'incidents', 'a.md');
  expect(await editFile(path, (present) => (present === undefined ? 'new\n' : 'changed\n'))).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('new\n');
  expect(await readdir(join(folder, 'incidents'))).toEqual(['a.md']);
});

test('nothing is written where the change is none', async () => {
  const path = join(folder, 'a.md');
  await writeFile(path, 'same\n');
  expect(await editFile(path, (present) => present)).toBe(false);
  expect(await editFile(path, () => undefined)).toBe(false);
});

test('an edit that somebody saved in the meantime is not lost', async () => {
  const path = join(folder, 'a.md');
  await writeFile(path, 'one\n');
  const seen: (string | undefined)[] = [];
  await editFile(path, async (present) => {
    seen.push(present);
    if (seen.length === 1) await writeFile(path, 'one\nby an editor\n');
    return `${present}by Candor\n`;
  });
  expect(seen).toEqual(['one\n', 'one\nby an editor\n']);
  expect(await readFile(path, 'utf8')).toBe('one\nby an editor\nby Candor\n');
});

test('a file that somebody made in the meantime is not overwritten', async () => {
  const path = join(folder, 'a.md');
  await editFile(path, async (present) => {
    if (present !== undefined) return undefined;
    await writeFile(path, 'theirs\n');
    return 'ours\n';
  });
  expect(await readFile(path, 'utf8')).toBe('theirs\n');
});

test('processes that edit the same file take turns', async () => {
  const path = join(folder, 'count.txt');
  await writeFile(path, '0');
  const script = `import { editFile } from ${JSON.stringify(join(import.meta.dirname, 'edit-file.ts'))};
    for (let i = 0; i < 10; i++) await editFile(${JSON.stringify(path)}, (text) => String(Number(text) + 1));`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  await Promise.all([run(), run(), run()]);
  expect(await readFile(path, 'utf8')).toBe('30');
});

test('a symbolic link stays a link and its target is edited', async () => {
  await mkdir(join(folder, 'real'));
  await writeFile(join(folder, 'real', 'a.md'), 'old');
  await symlink(join('real', 'a.md'), join(folder, 'a.md'));
  await editFile(join(folder, 'a.md'), () => 'new');
  expect(await readFile(join(folder, 'real', 'a.md'), 'utf8')).toBe('new');
});

test('what is not UTF-8 is refused and left alone', async () => {
  const path = join(folder, 'a.md');
  await writeFile(path, Buffer.from([0xe9, 0x0a]));
  await expect(editFile(path, () => 'x')).rejects.toEqual(
    new Failure(`${path} is not UTF-8 text.`, { fix: 'Save it as UTF-8 first.' }),
  );
  expect([...(await readFile(path))]).toEqual([0xe9, 0x0a]);
});
