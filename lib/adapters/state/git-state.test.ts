import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/content-root.ts';
import { type Remote, temporaryRemote } from '../../testing/state-branch.ts';
import { recordedOf, type StatePlace, stateStoreContract } from '../../testing/state-store-contract.ts';
import { Failure } from '../failure.ts';
import type { BranchAddress } from './git-branch.ts';
import { gitState } from './git-state.ts';
import type { StateStore } from './state-store.ts';

function storeOf(remote: Remote, changes: Partial<BranchAddress> = {}): StateStore {
  return gitState({
    repository: remote.clone,
    remote: 'origin',
    branch: 'candor-state',
    env: process.env,
    ...changes,
  });
}

async function branchPlace(): Promise<StatePlace> {
  const remote = await temporaryRemote();
  return {
    open: () => storeOf(remote),
    options: ' --branch candor-state',
    bytes: async (path) => remote.bytes(path),
    damage: async (path, bytes) => remote.put(path, bytes),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}

stateStoreContract('a branch', branchPlace);

/** Every file of a repository and what it holds, but for the dates that git keeps of the work tree. */
async function everyFile(folder: string): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')])));
}

test('the branch is always one commit without a parent, and nothing else of the remote changes', async () => {
  await using remote = await temporaryRemote();
  const before = remote.git('bare', 'rev-parse', 'main');
  const store = storeOf(remote);
  let version = await store.write('recorded', recordedOf(1), undefined);
  await store.appendLog(() => '{"entry":1}\n');
  version = await store.write('recorded', recordedOf(2), version);
  expect(remote.git('bare', 'rev-list', '--parents', 'candor-state')).toMatch(/^[0-9a-f]{40}\n$/);
  expect(remote.git('bare', 'ls-tree', '-r', '--name-only', 'candor-state')).toBe('audit.jsonl\nrecorded.json\n');
  expect(remote.git('bare', 'log', '-1', '--format=%an <%ae>', 'candor-state')).toBe('Candor <candor@localhost>\n');
  expect(remote.git('bare', 'rev-parse', 'main')).toBe(before);
});

test('the repository stays as it was: work tree, index, refs and objects', async () => {
  await using remote = await temporaryRemote();
  const before = await everyFile(remote.clone);
  const version = await storeOf(remote).write('recorded', recordedOf(1), undefined);
  await storeOf(remote).write('recorded', recordedOf(2), version);
  await storeOf(remote).read('recorded');
  expect(await everyFile(remote.clone)).toEqual(before);
});

test('what killed processes left in the temporary folder a day ago is removed, and nothing younger', async () => {
  await using remote = await temporaryRemote();
  const [old, young] = await Promise.all(['old', 'young'].map(() => mkdtemp(join(tmpdir(), 'candor-state-'))));
  if (old === undefined || young === undefined) throw new Error('There are two folders.');
  await writeFile(join(old, 'pack'), 'objects');
  const aDayAgo = Date.now() / 1000 - 25 * 60 * 60;
  await utimes(old, aDayAgo, aDayAgo);
  await storeOf(remote).read('recorded');
  expect([old, young].map((folder) => existsSync(folder))).toEqual([false, true]);
  await rm(young, { recursive: true });
});

test('a shallow clone of one branch, as workflows make them, is enough', async () => {
  await using remote = await temporaryRemote();
  await using root = await temporaryFolder();
  const shallow = join(root.path, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth=1', '--single-branch', `file://${remote.bare}`, shallow]);
  const version = await storeOf(remote, { repository: shallow }).write('recorded', recordedOf(1), undefined);
  const before = await everyFile(shallow);
  await storeOf(remote, { repository: shallow }).write('recorded', recordedOf(2), version);
  expect((await storeOf(remote, { repository: shallow }).read('recorded'))?.value).toEqual(recordedOf(2));
  expect(await everyFile(shallow)).toEqual(before);
});

test('no name, no home and odd variables of git do not matter', async () => {
  await using remote = await temporaryRemote();
  await using home = await temporaryFolder();
  const env = {
    PATH: process.env['PATH'],
    HOME: home.path,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_DIR: join(home.path, 'elsewhere'),
    GIT_WORK_TREE: home.path,
    GIT_INDEX_FILE: join(home.path, 'index'),
    GIT_OBJECT_DIRECTORY: join(home.path, 'objects'),
    GIT_AUTHOR_DATE: 'nonsense',
    GIT_TRACE: '1',
  };
  const version = await storeOf(remote, { env }).write('recorded', recordedOf(1), undefined);
  expect(await storeOf(remote).read('recorded')).toEqual({ value: recordedOf(1), version });
  expect(await readdir(home.path)).toEqual([]);
});

test('a folder of the repository and the address of a remote are enough', async () => {
  await using remote = await temporaryRemote();
  execFileSync('mkdir', [join(remote.clone, 'page')]);
  const store = storeOf(remote, { repository: join(remote.clone, 'page'), remote: remote.bare });
  await store.write('recorded', recordedOf(1), undefined);
  expect(store.place).toBe('branch candor-state of a repository elsewhere');
  expect((await storeOf(remote).read('recorded'))?.value).toEqual(recordedOf(1));
});

test('a branch that keeps anything else is never replaced', async () => {
  await using remote = await temporaryRemote();
  const before = remote.git('bare', 'rev-parse', 'main');
  await expect(storeOf(remote, { branch: 'main' }).write('recorded', recordedOf(1), undefined)).rejects.toThrow(
    'The branch main of origin holds something else than a state, so it was left alone.',
  );
  expect(remote.git('bare', 'rev-parse', 'main')).toBe(before);
});

test('a branch with a history is none of ours', async () => {
  await using remote = await temporaryRemote();
  await storeOf(remote).write('recorded', recordedOf(1), undefined);
  const tree = remote.git('bare', 'rev-parse', 'candor-state^{tree}').trim();
  const identity = ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com'];
  const commit = remote.git('bare', ...identity, 'commit-tree', '-p', 'candor-state', '-m', 'By hand', tree).trim();
  remote.git('bare', 'update-ref', 'refs/heads/candor-state', commit);
  await expect(storeOf(remote).read('recorded')).rejects.toThrow('holds something else than a state');
});

test('a rule of the remote against it is told in words', async () => {
  await using remote = await temporaryRemote();
  const hook = join(remote.bare, 'hooks', 'pre-receive');
  execFileSync('bash', [
    '-c',
    `mkdir -p "$(dirname "$0")"; printf '#!/bin/sh\\nexit 1\\n' > "$0"; chmod +x "$0"`,
    hook,
  ]);
  const error = await failureOf(storeOf(remote).write('recorded', recordedOf(1), undefined));
  expect([error.message, error.fix]).toEqual([
    'The branch candor-state of origin could not be used: the remote has a rule against replacing this branch.',
    'Except the branch of the state from the rules of the repository.',
  ]);
});

async function failureOf(attempt: Promise<unknown>): Promise<Failure> {
  const error: unknown = await attempt.catch((caught: unknown) => caught);
  if (error instanceof Failure) return error;
  throw new Error(`No failure: ${String(error)}`);
}

test('a password in the address of a remote is shown nowhere', async () => {
  await using remote = await temporaryRemote();
  const secret = 'https://robot:hunter2@127.0.0.1:9/state.git';
  remote.git('clone', 'remote', 'set-url', 'origin', secret);
  for (const name of ['origin', secret]) {
    const store = storeOf(remote, { remote: name });
    const error = await failureOf(store.read('recorded'));
    expect(error.message).toMatch(/could not be used: the remote cannot be reached\.$/);
    expect(error.fix).toBe('Check the network and the address of the remote, then run the command again.');
    const shown = [store.place, error.stack, error.message, error.fix, String(error.cause)].join('\n');
    expect(shown).not.toMatch(/hunter2|robot/);
  }
});

test.each([
  [
    { remote: 'nowhere' },
    'The branch candor-state of nowhere could not be used: there is no such remote, or nothing that this user may see.',
  ],
  [{ remote: '--upload-pack=x' }, '"--upload-pack=x" is no name of a remote.'],
  [{ branch: 'a..b' }, '"a..b" is no name of a branch.'],
  [{ branch: '' }, '"" is no name of a branch.'],
])('%j is refused', async (changes, message) => {
  await using remote = await temporaryRemote();
  expect((await failureOf(storeOf(remote, changes).read('recorded'))).message).toBe(message);
});

test('outside of a repository it is said so', async () => {
  await using root = await temporaryFolder();
  const state = gitState({ repository: root.path, remote: 'origin', branch: 'candor-state', env: process.env });
  expect((await failureOf(state.read('recorded'))).message).toBe(
    'The branch candor-state of origin could not be used: this is no git repository.',
  );
});
