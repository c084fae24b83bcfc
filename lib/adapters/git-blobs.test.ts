import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TemporaryRoot, temporaryFolder } from '../testing/content-root.ts';
import { git } from './git.ts';
import { blobIdOf, incidentBlobs } from './git-blobs.ts';

const idOf = (text: string) => blobIdOf(Buffer.from(text));

async function repositoryWith(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const root = await temporaryFolder();
  await git(root.path, ['init', '--quiet', ...args]);
  for (const [path, text] of Object.entries(files)) await root.write(path, text);
  await commit(root);
  return root;
}

async function commit({ path }: TemporaryRoot): Promise<void> {
  await git(path, ['add', '-A']);
  await git(path, ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '-m', 'content']);
}

test('the id of bytes is the one that git gives them', async () => {
  await using root = await repositoryWith({ 'incidents/a.md': 'Größe\n', 'incidents/b c "d" é.md': '' });
  expect(await incidentBlobs(root.path)).toEqual(
    new Map([
      ['incidents/a.md', idOf('Größe\n')],
      ['incidents/b c "d" é.md', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'],
    ]),
  );
});

test('a file that differs from what git has, and one that git does not have, are left out', async () => {
  await using root = await repositoryWith({
    'incidents/a.md': 'a\n',
    'incidents/b.md': 'b\n',
    'incidents/gone.md': 'c\n',
  });
  await root.write('incidents/b.md', 'B\n');
  await root.write('incidents/new.md', 'd\n');
  await rm(join(root.path, 'incidents/gone.md'));
  expect(await incidentBlobs(root.path)).toEqual(new Map([['incidents/a.md', idOf('a\n')]]));
});

test('a file that was added and not committed has the id of what was added', async () => {
  await using root = await repositoryWith({ 'incidents/a.md': 'a\n' });
  await root.write('incidents/a.md', 'more\n');
  await git(root.path, ['add', '-A']);
  expect(await incidentBlobs(root.path)).toEqual(new Map([['incidents/a.md', idOf('more\n')]]));
});

test.each(['--assume-unchanged', '--skip-worktree'])(
  'a file that git was told not to look at (%s) is left out',
  async (flag) => {
    await using root = await repositoryWith({ 'incidents/a.md': 'a\n' });
    await git(root.path, ['update-index', flag, 'incidents/a.md']);
    expect(await incidentBlobs(root.path)).toEqual(new Map());
  },
);

test('a link is left out: its id is that of where it leads', async () => {
  await using root = await repositoryWith({ 'incidents/a.md': 'a\n' });
  await symlink('a.md', join(root.path, 'incidents/link.md'));
  await commit(root);
  expect([...(await incidentBlobs(root.path)).keys()]).toEqual(['incidents/a.md']);
});

test('a root below the top of a repository is read as it is', async () => {
  await using top = await repositoryWith({ 'status/incidents/a.md': 'a\n', 'incidents/other.md': 'b\n' });
  expect([...(await incidentBlobs(join(top.path, 'status'))).keys()]).toEqual(['incidents/a.md']);
});

test('a repository with SHA-256 has ids of its own', async () => {
  await using root = await repositoryWith({ 'incidents/a.md': 'a\n' }, ['--object-format=sha256']);
  expect([...(await incidentBlobs(root.path)).values()][0]).toMatch(/^[0-9a-f]{64}$/);
});

test('outside of git, and where there are no incidents, nothing is known', async () => {
  await using folder = await temporaryFolder();
  await folder.write('incidents/a.md', 'a\n');
  expect(await incidentBlobs(folder.path)).toEqual(new Map());
  await using root = await repositoryWith({ 'README.md': 'Nothing here.\n' });
  await mkdir(join(root.path, 'incidents'));
  expect(await incidentBlobs(root.path)).toEqual(new Map());
});
