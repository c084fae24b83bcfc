import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TemporaryRoot, temporaryFolder } from '../testing/content-root.ts';
import { git } from './git.ts';
import { type Authorship, authorsOf } from './git-authors.ts';

const [payments, tills] = ['components/payments.yml', 'components/tills.yml'];

async function repository(): Promise<TemporaryRoot> {
  const root = await temporaryFolder();
  await git(root.path, ['init', '--quiet', '--initial-branch=main']);
  return root;
}

async function commit(root: TemporaryRoot, author: string): Promise<void> {
  const by = ['-c', `user.name=${author}`, '-c', `user.email=${author.toLowerCase()}@example.com`];
  await git(root.path, ['add', '--all']);
  await git(root.path, [...by, 'commit', '--quiet', '--message=change']);
}

async function authors(folder: string, ...files: string[]): Promise<Record<string, Authorship>> {
  return Object.fromEntries(await authorsOf(folder, files));
}

test('a file was written by the author of the commit that last touched it', async () => {
  await using root = await repository();
  await root.write(payments, 'name: Payments\n');
  await root.write(tills, 'name: Tills\n');
  await root.write('incidents/2026-11-20-zoë.md', 'x');
  await commit(root, 'Zoë');
  await root.write(payments, 'name: Card payments\n');
  await commit(root, 'Bob');
  expect(await authors(root.path, payments, tills, 'incidents/2026-11-20-zoë.md')).toEqual({
    [payments]: { kind: 'committed', author: 'Bob <bob@example.com>' },
    [tills]: { kind: 'committed', author: 'Zoë <zoë@example.com>' },
    'incidents/2026-11-20-zoë.md': { kind: 'committed', author: 'Zoë <zoë@example.com>' },
  });
});

test('a file that is gone was removed by the author of that commit', async () => {
  await using root = await repository();
  await root.write(payments, 'name: Payments\n');
  await commit(root, 'Ada');
  await rm(join(root.path, payments));
  await root.write(tills, 'name: Tills\n');
  await commit(root, 'Bob');
  expect(await authors(root.path, payments)).toEqual({
    [payments]: { kind: 'committed', author: 'Bob <bob@example.com>' },
  });
});

test('what was changed since, staged or not, and what is new has no author yet', async () => {
  await using root = await repository();
  await root.write(payments, 'name: Payments\n');
  await root.write(tills, 'name: Tills\n');
  await commit(root, 'Ada');
  await root.write(payments, 'name: Card payments\n');
  await root.write(tills, 'name: Points of sale\n');
  await root.write('components/new.yml', 'name: New\n');
  await git(root.path, ['add', tills]);
  expect(await authors(root.path, payments, tills, 'components/new.yml')).toEqual({
    [payments]: { kind: 'uncommitted' },
    [tills]: { kind: 'uncommitted' },
    'components/new.yml': { kind: 'uncommitted' },
  });
});

test('a root inside of a repository is read by its own paths', async () => {
  await using root = await repository();
  await root.write(`page/${payments}`, 'name: Payments\n');
  await root.write(payments, 'name: Another\n');
  await commit(root, 'Ada');
  await root.write(payments, 'name: Another one\n');
  await commit(root, 'Bob');
  expect(await authors(join(root.path, 'page'), payments)).toEqual({
    [payments]: { kind: 'committed', author: 'Ada <ada@example.com>' },
  });
});

test('what happened before the end of a shallow clone is not known', async () => {
  await using root = await repository();
  await root.write(payments, 'name: Payments\n');
  await root.write(tills, 'name: Tills\n');
  await commit(root, 'Ada');
  await root.write('README.md', 'x');
  await commit(root, 'Bob');
  await root.write(tills, 'name: Points of sale\n');
  await commit(root, 'Cleo');
  await using clone = await temporaryFolder();
  await git(clone.path, ['clone', '--quiet', '--depth=2', `file://${root.path}`, '.']);
  expect(await authors(clone.path, payments, tills)).toEqual({
    [payments]: { kind: 'unknown' },
    [tills]: { kind: 'committed', author: 'Cleo <cleo@example.com>' },
  });
});

test('outside of a repository, and before its first commit, nothing has an author yet', async () => {
  await using folder = await temporaryFolder();
  expect(await authors(folder.path, payments)).toEqual({ [payments]: { kind: 'uncommitted' } });
  await using root = await repository();
  expect(await authors(root.path, payments)).toEqual({ [payments]: { kind: 'uncommitted' } });
});

test('many files take no more calls than few', async () => {
  await using root = await repository();
  const files = Array.from({ length: 300 }, (_, i) => `incidents/2026-11-20-number-${i}.md`);
  for (const file of files) await root.write(file, 'x');
  await commit(root, 'Ada');
  const found = await authorsOf(root.path, files);
  expect(new Set([...found.values()].map((one) => (one.kind === 'committed' ? one.author : one.kind)))).toEqual(
    new Set(['Ada <ada@example.com>']),
  );
});
