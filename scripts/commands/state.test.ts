import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordFacts } from '../../lib/adapters/audit-log.ts';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { type Remote, temporaryRemote } from '../../lib/testing/state-branch.ts';
import { factOf } from '../../lib/testing/state-store-contract.ts';

const at = '2026-11-20T10:00:00Z';

function lineOf(remote: Remote, ...args: string[]): string[] {
  return ['state', ...args, '--root', remote.clone, '--now', at];
}

function state(remote: Remote, ...args: string[]): Promise<Ended> {
  return candor(lineOf(remote, ...args));
}

function commitOf(remote: Remote): string {
  return remote.git('bare', 'rev-parse', 'candor-state').trim();
}

/** A clone whose folder of the state has a document and an audit log. */
async function measured(): Promise<Remote> {
  const remote = await temporaryRemote();
  const store = fileState(join(remote.clone, '.state'));
  await store.write('uptime', { components: [] }, undefined);
  await recordFacts(store, [factOf(1)], new Date(at));
  return remote;
}

test('before anything was pushed or measured, both commands say so', async () => {
  await using remote = await temporaryRemote();
  expect(await state(remote, 'pull')).toEqual({
    code: 0,
    stdout:
      'There is no branch candor-state of origin yet, so there is nothing to pull. The first `candor state push` makes it.\n',
    stderr: '',
  });
  expect(await state(remote, 'push')).toEqual({
    code: 0,
    stdout: 'The folder holds no state yet, so there is nothing to push to branch candor-state of origin.\n',
    stderr: '',
  });
});

test('a push and a pull say what became of each document', async () => {
  await using remote = await measured();
  const { stdout } = await candor(lineOf(remote, 'push'), { fresh: true });
  expect(stdout).toBe(`Pushed to branch candor-state of origin, commit ${commitOf(remote).slice(0, 12)}.

  probes      there is none
  uptime      from the folder
  recorded    there is none
  published   there is none
  audit-head  from the folder
  audit log   2 entries
`);
  expect((await state(remote, 'push')).stdout).toMatch(
    /^Nothing to push: branch candor-state of origin has it all\.$/m,
  );
  expect((await state(remote, 'pull')).stdout).toBe(`Nothing new on branch candor-state of origin.

  probes      there is none
  uptime      the same on both
  recorded    there is none
  published   there is none
  audit-head  the same on both
  audit log   2 entries
`);
  await fileState(join(remote.clone, '.state')).write(
    'recorded',
    { incidents: {}, overrides: {}, told: 0, pending: [] },
    undefined,
  );
  expect((await state(remote, 'pull')).stdout).toBe(`Nothing new on branch candor-state of origin.

  probes      there is none
  uptime      the same on both
  recorded    from the folder
  published   there is none
  audit-head  the same on both
  audit log   2 entries

The folder has changes that were not pushed: candor state push
`);
});

test('the outcome as JSON', async () => {
  await using remote = await measured();
  const { stdout } = await state(remote, 'push', '--branch', 'measured', '--format', 'json');
  expect(JSON.parse(stdout)).toEqual({
    place: 'branch measured of origin',
    commit: remote.git('bare', 'rev-parse', 'measured').trim(),
    changed: true,
    documents: { probes: 'none', uptime: 'folder', recorded: 'none', published: 'none', 'audit-head': 'folder' },
    audit_entries: 2,
    audit_entries_rechained: 0,
  });
});

test('a broken document is discarded when somebody says so, and the audit log tells it', async () => {
  await using remote = await measured();
  const folder = join(remote.clone, '.state');
  await writeFile(join(folder, 'uptime.json'), 'broken');
  expect(await state(remote, 'discard', 'uptime')).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: Nobody can be asked whether to go on without uptime.json in ${folder}.\n  Add --yes to say so.\n`,
  });
  expect(await state(remote, 'discard', 'uptime', '--yes')).toEqual({
    code: 0,
    stdout: `Put uptime.json of the state in ${folder} aside as set-aside/uptime-20261120T100000000Z.json, and told the audit log.\n`,
    stderr: '',
  });
  expect(await readFile(join(folder, 'set-aside', 'uptime-20261120T100000000Z.json'), 'utf8')).toBe('broken');
  expect(await fileState(folder).read('uptime')).toBeUndefined();
  expect(await fileState(folder).readLog()).toContain('"id":"state.discarded:uptime:1"');
});

test('a document that is gone may be missing once it was discarded', async () => {
  await using remote = await measured();
  const folder = join(remote.clone, '.state');
  await fileState(folder).setAside('uptime', new Date(at));
  expect((await state(remote, 'push')).stderr).toBe(
    `error: uptime.json of the state in ${folder} is gone, although the audit log says that it was created.\n` +
      '  Bring the file back; where nobody can, `candor state discard uptime` begins anew.\n',
  );
  expect((await state(remote, 'discard', 'uptime', '--yes')).stdout).toBe(
    `uptime.json of the state in ${folder} was gone; the audit log now says that it was discarded.\n`,
  );
  expect((await state(remote, 'push')).code).toBe(0);
});

test('what is broken on the branch is discarded there', async () => {
  await using remote = await measured();
  await state(remote, 'push');
  remote.put('uptime.json', '');
  const { stderr } = await state(remote, 'pull');
  expect(stderr).toBe(
    'error: uptime.json of the state in branch candor-state of origin is empty. It was left as it is.\n' +
      '  Look at the file; where nobody can mend it, `candor state discard uptime --branch candor-state` puts it aside and begins anew.\n',
  );
  expect(
    (await state(remote, 'discard', 'uptime', '--branch', 'candor-state', '--yes', '--format', 'json')).stdout,
  ).toBe(
    '{"name":"uptime","place":"branch candor-state of origin","set_aside":"set-aside/uptime-20261120T100000000Z.json"}\n',
  );
  expect((await state(remote, 'pull')).code).toBe(0);
  expect(await readdir(join(remote.clone, '.state'))).not.toContain('uptime.json');
});

test('a name that is none is answered with the one that was meant', async () => {
  await using remote = await temporaryRemote();
  expect(await state(remote, 'discard', 'uptim', '--yes')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: The state has no document "uptim".\n  Did you mean uptime?\n',
  });
  expect(await state(remote, 'discard', 'probes', '--yes')).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: There is no probes.json in ${join(remote.clone, '.state')}.\n  Nothing has to be discarded.\n`,
  });
});

test('a bucket needs no carrying, and that is said', async () => {
  await using remote = await temporaryRemote();
  expect(await state(remote, 'push', '--state', 'gs://bucket/state')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: gs://bucket/state is a bucket, which nothing has to be carried to: every command reads and writes it directly.\n' +
      '  Leave the step out, or give --state a folder to carry between it and a branch.\n',
  });
});
