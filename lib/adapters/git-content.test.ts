import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentFiles } from '../testing/builders.ts';
import { type TemporaryRoot, temporaryContentRoot, temporaryFolder } from '../testing/content-root.ts';
import { Failure } from './failure.ts';
import { listGitContent, readGitFiles } from './git-content.ts';

function git(folder: string, ...args: string[]): void {
  const settings = [
    '-c',
    'user.name=Operator',
    '-c',
    'user.email=operator@example.com',
    '-c',
    'init.defaultBranch=main',
  ];
  execFileSync('git', [...settings, ...args], { cwd: folder, stdio: 'pipe' });
}

/** A repository with the sound content at its top, committed on `main`. */
async function repository(): Promise<TemporaryRoot> {
  const root = await temporaryContentRoot();
  git(root.path, 'init', '-q');
  git(root.path, 'add', '.');
  git(root.path, 'commit', '-q', '-m', 'Begin');
  return root;
}

async function textsAt(root: string, ref: string): Promise<Record<string, string>> {
  const files = await readGitFiles(root, await listGitContent(root, ref));
  return Object.fromEntries(files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
}

const sound = Object.fromEntries(contentFiles().map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));

test('content is read as it was committed, whatever the folder holds now', async () => {
  await using root = await repository();
  await root.write('components/payments.yml', 'name: Refunds\n');
  expect(await textsAt(root.path, 'HEAD')).toEqual(sound);
});

test('probes are content as components are', async () => {
  await using root = await repository();
  await root.write('probes/payments-api.yml', 'kind: http\n');
  await root.write('probes/later/x.yml', 'nested');
  git(root.path, 'add', '.');
  git(root.path, 'commit', '-q', '-m', 'Ask');
  expect(await textsAt(root.path, 'HEAD')).toEqual({ ...sound, 'probes/payments-api.yml': 'kind: http\n' });
});

test('a root may be a folder of the repository', async () => {
  await using root = await temporaryFolder();
  for (const { path, bytes } of contentFiles()) await root.write(join('status/page', path), bytes);
  git(root.path, 'init', '-q');
  git(root.path, 'add', '.');
  git(root.path, 'commit', '-q', '-m', 'Begin');
  expect(await textsAt(join(root.path, 'status/page'), 'main')).toEqual(sound);
});

test('a branch is compared with where it left its base, not with what the base has become', async () => {
  await using root = await repository();
  git(root.path, 'switch', '-q', '-c', 'incident');
  git(root.path, 'commit', '-q', '--allow-empty', '-m', 'Mine');
  git(root.path, 'switch', '-q', 'main');
  await root.write('incidents/2026-11-21-other.md', 'later');
  git(root.path, 'add', '.');
  git(root.path, 'commit', '-q', '-m', 'Another incident');
  git(root.path, 'switch', '-q', 'incident');
  expect(Object.keys(await textsAt(root.path, 'main'))).toEqual(
    expect.not.arrayContaining(['incidents/2026-11-21-other.md']),
  );
});

test('a file that is no plain small file of a root is left out', async () => {
  await using root = await repository();
  await root.write('incidents/2026/x.md', 'nested');
  await root.write('incidents/2026-11-21-large.md', new Uint8Array(2 * 1024 * 1024));
  git(root.path, 'add', '.');
  git(root.path, 'commit', '-q', '-m', 'More');
  expect(await textsAt(root.path, 'HEAD')).toEqual(sound);
});

test('content that was not there at the base is no content', async () => {
  await using root = await temporaryFolder();
  await root.write('README.md', 'Hello');
  git(root.path, 'init', '-q');
  git(root.path, 'add', '.');
  git(root.path, 'commit', '-q', '-m', 'Begin');
  expect(await listGitContent(root.path, 'HEAD')).toEqual([]);
});

test.each(['nowhere', '--output=x', '', 'main\n', 'main extra'])(
  '%j is no ref, and git gets no option',
  async (ref) => {
    await using root = await repository();
    const failure = await listGitContent(root.path, ref).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      message: `--base ${JSON.stringify(ref)} is neither a folder nor a commit that git knows here.`,
      fix: 'Name a branch, a tag or a commit, such as origin/main. In a shallow clone, fetch it first: `git fetch --unshallow`.',
    });
  },
);

test('a folder without a repository', async () => {
  await using root = await temporaryContentRoot();
  await expect(listGitContent(root.path, 'main')).rejects.toThrow(`${root.path} is in no git repository.`);
});
