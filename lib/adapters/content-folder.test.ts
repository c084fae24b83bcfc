import { mkdir, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryContentRoot, temporaryFolder } from '../testing/content-root.ts';
import { maxFileBytes, readContentRoot } from './content-folder.ts';

/** `file rule: message fix` of each problem; they all stand at the beginning of a file. */
async function linesOf(root: string): Promise<string[]> {
  const { problems } = await readContentRoot(root);
  return problems.map(
    ({ file, line, column, rule, message, fix }) => `${file}:${line}:${column} ${rule}: ${message} ${fix}`,
  );
}

test('the files of the four kinds are read, in order, and nothing else is', async () => {
  await using root = await temporaryContentRoot({
    'components/a.yml': 'name: A\n',
    'README.md': '# Hello\n',
    'probes/x.yml': 'kind: http\n',
    'schemas/x.yml': '',
  });
  const { files, problems } = await readContentRoot(root.path);
  expect(problems).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual([
    'status.config.yml',
    'components/a.yml',
    'components/payments.yml',
    'incidents/2026-11-20-card-payments.md',
    'probes/x.yml',
  ]);
  expect(new TextDecoder().decode(files[1]?.bytes)).toBe('name: A\n');
});

test('a folder that does not exist', async () => {
  await using folder = await temporaryFolder();
  expect(await linesOf(join(folder.path, 'nowhere'))).toEqual([
    '.:1:1 no-content: The content folder does not exist or cannot be read. Name an existing folder with --root.',
  ]);
});

test('an empty folder', async () => {
  await using folder = await temporaryFolder();
  expect(await linesOf(folder.path)).toEqual([
    '.:1:1 no-content: The folder holds no content: no status.config.yml, no components/, no incidents/. Name the folder of the content with --root, or begin one with status.config.yml.',
  ]);
});

test('a file of 20 MB is refused unread, and the others are read', async () => {
  await using root = await temporaryContentRoot();
  await root.write('incidents/2026-11-19-large.md', '');
  await truncate(join(root.path, 'incidents/2026-11-19-large.md'), 20_000_000);
  expect(await linesOf(root.path)).toEqual([
    'incidents/2026-11-19-large.md:1:1 file-size: The file has 19.1 MiB; at most 1 MiB is read. Say it in less, or delete the file.',
  ]);
  expect((await readContentRoot(root.path)).files).toHaveLength(3);
});

test('a file of just the limit is read', async () => {
  await using root = await temporaryContentRoot();
  await root.write('incidents/2026-11-19-large.md', new Uint8Array(maxFileBytes));
  expect(await linesOf(root.path)).toEqual([]);
});

test('a link that leads out of the root or nowhere is refused, one that stays inside is followed', async () => {
  await using outside = await temporaryContentRoot();
  await using root = await temporaryContentRoot();
  await symlink(join(outside.path, 'components/payments.yml'), join(root.path, 'components/out.yml'));
  await symlink(join(root.path, 'nowhere.yml'), join(root.path, 'components/nowhere.yml'));
  await symlink(join(root.path, 'components/payments.yml'), join(root.path, 'components/inside.yml'));
  expect(await linesOf(root.path)).toEqual([
    'components/nowhere.yml:1:1 symbolic-link: This is a link that leads out of the content folder, or nowhere. Put the file itself here.',
    'components/out.yml:1:1 symbolic-link: This is a link that leads out of the content folder, or nowhere. Put the file itself here.',
  ]);
  const { files } = await readContentRoot(root.path);
  expect(files.map(({ path }) => path)).toContain('components/inside.yml');
});

test('a whole folder that is a link out of the root is refused', async () => {
  await using outside = await temporaryContentRoot();
  await using root = await temporaryContentRoot();
  await rm(join(root.path, 'incidents'), { recursive: true });
  await symlink(join(outside.path, 'incidents'), join(root.path, 'incidents'));
  expect((await readContentRoot(root.path)).problems.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
    'incidents symbolic-link',
  ]);
});

test('a root may itself be reached by a link', async () => {
  await using root = await temporaryContentRoot();
  await using folder = await temporaryFolder();
  await symlink(root.path, join(folder.path, 'link'));
  expect((await readContentRoot(join(folder.path, 'link'))).files).toHaveLength(3);
});

test('sub-folders and other extensions are problems; hidden files are nobody’s business', async () => {
  await using root = await temporaryContentRoot({
    'components/refunds.yaml': 'name: Refunds\n',
    'incidents/2026-11-20-loud.MD': '',
    'incidents/.gitkeep': '',
  });
  await mkdir(join(root.path, 'incidents/2026'));
  expect(await linesOf(root.path)).toEqual([
    'components/refunds.yaml:1:1 unexpected-file: Nothing reads a file of this name. Name it components/<id>.yml, or move it elsewhere.',
    'incidents/2026:1:1 unexpected-file: Nothing reads a folder here. Move its .md files one level up, or the folder elsewhere.',
    'incidents/2026-11-20-loud.MD:1:1 unexpected-file: Nothing reads a file of this name. Name it incidents/<id>.md, or move it elsewhere.',
  ]);
});

test('settings under a name that is nearly right', async () => {
  await using root = await temporaryContentRoot({ 'status.config.yml': undefined, 'status.config.yaml': 'name: X\n' });
  expect(await linesOf(root.path)).toEqual([
    'status.config.yaml:1:1 unexpected-file: Nothing reads a file of this name. Name it status.config.yml, or move it elsewhere.',
  ]);
});
