import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TemporaryRoot, temporaryFolder } from '../../testing/content-root.ts';
import { claim, edition, publicFile, written } from '../../testing/publish-target-contract.ts';
import { Failure } from '../failure.ts';
import { folderFailure } from './folder-errors.ts';
import { hashOf } from './folder-paths.ts';
import { folderTarget } from './folder-target.ts';

async function whatIsSaid(work: Promise<unknown>): Promise<{ message: string; fix: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error ?? new Error('Nothing went wrong.');
  return { message: error.message, fix: error.fix };
}

async function withLinkedFolder(root: TemporaryRoot): Promise<string> {
  await mkdir(join(root.path, 'public'), { recursive: true });
  await root.write('elsewhere/index.html', 'private');
  await symlink('../elsewhere', join(root.path, 'public/incidents'));
  return join(root.path, 'public');
}

test('looking makes nothing, not even the folder', async () => {
  await using root = await temporaryFolder();
  const target = folderTarget(join(root.path, 'public'));
  await target.list();
  await target.stat('index.html');
  await target.remove('index.html', '1');
  expect(await readdir(root.path)).toEqual([]);
});

test('a file is exactly the bytes that were built, and its generation is their hash', async () => {
  await using root = await temporaryFolder();
  const generation = await written(folderTarget(root.path), publicFile('incidents/a/index.html', 'hello'));
  expect(generation).toBe(hashOf(Buffer.from('hello')));
  expect(await readFile(join(root.path, 'incidents/a/index.html'), 'utf8')).toBe('hello');
  expect(await readdir(join(root.path, '.candor'))).toEqual(['.lock', '.new']);
  expect(await readdir(join(root.path, '.candor/.new'))).toEqual([]);
});

test('what a publisher that was killed left behind is never seen, and removed by the next', async () => {
  await using root = await temporaryFolder();
  await root.write('.candor/.new/0b5a', 'half a pa');
  const target = folderTarget(root.path);
  expect(await target.list()).toEqual(new Map());
  await written(target, publicFile('index.html', 'hello'));
  expect(await readdir(join(root.path, '.candor/.new'))).toEqual([]);
});

test('of a file that is listed the build is the one that was published last; of one that is only claimed, the newest that claims it', async () => {
  await using root = await temporaryFolder();
  const target = folderTarget(root.path);
  const later = { ...edition, built_at: '2026-11-20T12:00:00Z' };
  const earlier = { ...edition, built_at: '2026-11-20T09:00:00Z' };
  const listed = await written(target, publicFile('listed.html', 'hello'));
  const changed = await written(target, publicFile('changed.html', 'hello'));
  const list = JSON.stringify({
    format: 1,
    site: 's',
    files: {
      'listed.html': { hash: listed, generation: listed },
      'changed.html': { hash: changed, generation: changed },
    },
    retired: { 'retired.html': { generation: '1', at: '2026-11-20T09:00:00Z' } },
    incidents: [],
  });
  const files = `.candor/files-${hashOf(Buffer.from(list))}.json`;
  const pending = [later, earlier].map((of, id) => ({
    id: String(id),
    edition: of,
    at: '2026-11-20T10:02:00Z',
    paths: ['changed.html', 'new.html', 'listed.html'],
  }));
  await written(target, publicFile(files, list));
  await written(
    target,
    publicFile('.candor/head.json', JSON.stringify({ format: 1, sequence: 1, edition, files, pending })),
  );
  await written(target, { ...publicFile('changed.html', 'changed'), edition: later }, changed);
  for (const path of ['new.html', 'retired.html', 'foreign.html']) await root.write(path, path);
  const facts = await target.list();
  const editions = [...facts]
    .filter(([path]) => path.endsWith('.html'))
    .map(([path, of]) => [path, of.hash && of.edition]);
  expect(Object.fromEntries(editions)).toEqual({
    'listed.html': edition,
    'changed.html': later,
    'new.html': later,
    'retired.html': edition,
    'foreign.html': undefined,
  });
});

test('a file is ours from the moment on when another publisher claims it', async () => {
  await using root = await temporaryFolder();
  await root.write('index.html', 'hello');
  const target = folderTarget(root.path);
  expect(await target.stat('index.html')).toMatchObject({ hash: undefined, edition: undefined });
  await claim(folderTarget(root.path), 'index.html');
  expect(await target.stat('index.html')).toMatchObject({ hash: hashOf(Buffer.from('hello')), edition });
});

test('what a newer publish has or is about to write, an older one does not, though the bytes it knows are there', async () => {
  await using root = await temporaryFolder();
  const target = folderTarget(root.path);
  const generation = await written(target, publicFile('index.html', 'hello'));
  await claim(target, 'index.html');
  const older = { ...publicFile('index.html', 'older'), edition: { ...edition, built_at: '2026-11-20T10:00:30Z' } };
  const present = { generation, hash: generation, edition };
  expect(await target.put(older, generation)).toEqual({ kind: 'conflict', present });
  expect(await target.put(publicFile('index.html', 'newer'), generation)).toMatchObject({ kind: 'written' });
});

test("a head that nobody can read makes every public file somebody else's", async () => {
  await using root = await temporaryFolder();
  await root.write('.candor/head.json', '{"format":');
  await root.write('index.html', 'hello');
  const facts = await folderTarget(root.path).list();
  expect(facts.get('index.html')).toMatchObject({ hash: undefined, edition: undefined });
  expect(facts.get('.candor/head.json')?.hash).toBe(hashOf(Buffer.from('{"format":')));
});

test('a link in the place of a file is neither followed nor replaced', async () => {
  await using root = await temporaryFolder();
  await root.write('secret.txt', 'private');
  await mkdir(join(root.path, 'public'));
  await symlink('../secret.txt', join(root.path, 'public/index.html'));
  const target = folderTarget(join(root.path, 'public'));
  await claim(target, 'index.html');
  const present = { generation: expect.stringMatching(/^link /), hash: undefined, edition: undefined };
  expect((await target.list()).get('index.html')).toEqual(present);
  expect(await target.read('index.html')).toBeUndefined();
  expect(await target.put(publicFile('index.html', 'ours'), undefined)).toEqual({ kind: 'conflict', present });
  expect(await target.remove('index.html', '1')).toBe('conflict');
  expect(await readFile(join(root.path, 'secret.txt'), 'utf8')).toBe('private');
});

test('nothing is read, written or deleted below a link to another folder', async () => {
  await using root = await temporaryFolder();
  const folder = await withLinkedFolder(root);
  const target = folderTarget(folder);
  expect([...(await target.list()).keys()]).toEqual(['incidents']);
  expect(await target.read('incidents/index.html')).toBeUndefined();
  const generation = hashOf(Buffer.from('private'));
  expect(await target.remove('incidents/index.html', generation)).toBe('conflict');
  expect(await target.put(publicFile('incidents/new.html', 'ours'), undefined)).toMatchObject({ kind: 'conflict' });
  expect(await readdir(join(root.path, 'elsewhere'))).toEqual(['index.html']);
});

test.each(['../index.html', 'a/../../index.html', '/etc/passwd', 'a//b', './index.html', 'a/.', '', 'a\0b'])(
  'the path %j is refused',
  async (path) => {
    await using root = await temporaryFolder();
    const target = folderTarget(join(root.path, 'public'));
    const said = {
      message: `${JSON.stringify(path)} is no path of a public file, so nothing was done with it.`,
      fix: 'A path has no empty part, no . and no .. in it. Build the page again.',
    };
    expect(await whatIsSaid(target.put(publicFile(path, 'ours'), undefined))).toEqual(said);
    expect(await whatIsSaid(target.remove(path, '1'))).toEqual(said);
    expect(await whatIsSaid(target.read(path))).toEqual(said);
    expect(await readdir(root.path)).toEqual([]);
  },
);

test('a target that is a file is told', async () => {
  await using root = await temporaryFolder();
  await root.write('public', 'a file');
  const file = join(root.path, 'public');
  const said = {
    message: `${file} is no folder, so nothing can be published there.`,
    fix: 'Give --to a folder, or gs://BUCKET/PREFIX.',
  };
  expect(await whatIsSaid(folderTarget(file).list())).toEqual(said);
  expect(await whatIsSaid(folderTarget(file).put(publicFile('index.html', 'ours'), undefined))).toEqual(said);
});

test('a file where a folder has to be is told, and stays', async () => {
  await using root = await temporaryFolder();
  await root.write('incidents', 'not yours');
  expect(
    await whatIsSaid(folderTarget(root.path).put(publicFile('incidents/a/index.html', 'ours'), undefined)),
  ).toEqual({
    message: `${join(root.path, 'incidents/a/index.html')} could not be written: a file lies where a folder has to be.`,
    fix: 'Move that file away, or give --to another folder, then publish again: it continues where this one stopped.',
  });
  expect(await readFile(join(root.path, 'incidents'), 'utf8')).toBe('not yours');
});

test('a folder where a file has to be is in the way, and stays', async () => {
  await using root = await temporaryFolder();
  await root.write('index.html/mine.txt', 'not yours');
  expect(await folderTarget(root.path).put(publicFile('index.html', 'ours'), undefined)).toEqual({
    kind: 'conflict',
    present: { generation: 'folder', hash: undefined, edition: undefined },
  });
});

const again = 'then publish again: it continues where this one stopped.';

test.each([
  ['ENOSPC', 'the disk is full', `Make room, ${again}`],
  ['EROFS', 'the file system is read-only', `Mount it for writing, or give --to another folder, ${again}`],
  ['EACCES', 'this user may not do that there', `Let this user write in that folder, ${again}`],
  ['ENAMETOOLONG', 'the name is too long for this file system', `Give --to a folder with a shorter path, ${again}`],
  ['EIO', 'EIO', `Look at that path and its permissions, ${again}`],
])('%s is told in words', (code, why, fix) => {
  const failure = folderFailure(
    '/srv/page/index.html',
    'could not be written',
    Object.assign(new Error(code), { code }),
  );
  expect(failure.message).toBe(`/srv/page/index.html could not be written: ${why}.`);
  expect(failure.fix).toBe(fix);
});

test('a name that is too long is told, and leaves nothing behind', async () => {
  await using root = await temporaryFolder();
  const path = `${'a'.repeat(300)}.html`;
  const said = await whatIsSaid(folderTarget(root.path).put(publicFile(path, 'ours'), undefined));
  expect(said.message).toBe(
    `${join(root.path, path)} could not be written: the name is too long for this file system.`,
  );
});

test('a lock that holds something else is told, and nothing is published', async () => {
  await using root = await temporaryFolder();
  await root.write('.candor/.lock', 'x'.repeat(2000));
  const lock = join(root.path, '.candor/.lock');
  await writeFile(lock, 'something else, longer than the head of a database'.repeat(40));
  expect(await whatIsSaid(folderTarget(root.path).put(publicFile('index.html', 'ours'), undefined))).toEqual({
    message: `${lock} cannot be locked, so nothing was published.`,
    fix: 'Move that file away; the lock is an empty file of that name.',
  });
});
