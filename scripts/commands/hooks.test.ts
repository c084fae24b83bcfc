import { spawnSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor, repository } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';
import { gitIn } from '../../lib/testing/git-repository.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];
const leaky = sound.replace('We are looking into', 'From 10.1.2.3 we are looking into');

async function hooked() {
  const root = await temporaryContentRoot();
  gitIn(root.path, 'init', '-q');
  gitIn(root.path, 'add', '.');
  gitIn(root.path, 'commit', '-q', '-m', 'Begin');
  const installed = await candor(['hooks', 'install'], { cwd: root.path });
  expect(installed).toEqual({
    code: 0,
    stdout: `Wrote ${root.path}/.git/hooks/pre-commit\nWhat must not be public is redacted from now on before it is committed here.\n`,
    stderr: '',
  });
  return root;
}

/** Commit as a person does; what git and the hook said. */
function commit(folder: string, ...args: readonly string[]) {
  const env = {
    ...process.env,
    CANDOR_REDACT_NAMES: 'Ada Lovelace',
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  };
  const identity = ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com'];
  const { status, stderr } = spawnSync('git', [...identity, 'commit', '-q', '-m', 'Tell', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stderr };
}

const told = `${path}:13: an IP address was redacted.
The commit has [redacted] there. Look at it with \`git show\`, and amend what reads badly.
`;

test.each([
  ['staged', []],
  ['taken along', ['-a']],
])('what is %s is redacted before it is history, and what was done is told', async (_how, args) => {
  await using root = await hooked();
  await root.write(path, leaky);
  if (args.length === 0) gitIn(root.path, 'add', path);
  expect(commit(root.path, ...args)).toEqual({ status: 0, stderr: told });
  const redacted = leaky.replace('10.1.2.3', '[redacted]');
  expect(gitIn(root.path, 'show', `HEAD:${path}`)).toBe(redacted.trim());
  expect(await readFile(`${root.path}/${path}`, 'utf8')).toBe(redacted);
  expect(gitIn(root.path, 'status', '--porcelain')).toBe('');
});

test('what is not staged stays out of the commit', async () => {
  await using root = await hooked();
  await root.write(path, leaky);
  gitIn(root.path, 'add', path);
  await root.write(path, leaky.replace('impact: major', 'impact: minor'));
  expect(commit(root.path)).toEqual({ status: 0, stderr: told });
  expect(gitIn(root.path, 'show', `HEAD:${path}`)).toContain('impact: major');
  expect(await readFile(`${root.path}/${path}`, 'utf8')).toContain('impact: minor');
});

test('names of the environment and of the staged settings count, and other files are left alone', async () => {
  await using root = await hooked();
  const settings = await readFile(`${root.path}/status.config.yml`, 'utf8');
  await root.write('status.config.yml', `${settings}redact:\n  names: [Grace Hopper]\n`);
  await root.write('docs/notes.md', 'Ada Lovelace at 10.1.2.3\n');
  await root.write(path, sound.replace('We are looking into', 'Ada Lovelace and Grace Hopper look into'));
  gitIn(root.path, 'add', '.');
  expect(commit(root.path).status).toBe(0);
  expect(gitIn(root.path, 'show', `HEAD:${path}`)).toContain('[redacted] and [redacted] look into');
  expect(gitIn(root.path, 'show', 'HEAD:docs/notes.md')).toBe('Ada Lovelace at 10.1.2.3');
});

test('where the settings are wrong nothing is committed', async () => {
  await using root = await hooked();
  await root.write('status.config.yml', 'nmae: x\n');
  gitIn(root.path, 'add', '.');
  const { status, stderr } = commit(root.path);
  expect(status).toBe(1);
  expect(stderr).toContain('Nothing is committed: what must be redacted is not known, because the settings are wrong:');
});

test('a root that is a folder of the repository is the one that is looked at', async () => {
  await using folder = await temporaryFolder();
  gitIn(folder.path, 'init', '-q');
  await folder.write('page/status.config.yml', soundTexts['status.config.yml']);
  await folder.write(`page/${path}`, leaky);
  await folder.write(path, leaky);
  expect((await candor(['hooks', 'install', '--root', 'page'], { cwd: folder.path })).code).toBe(0);
  gitIn(folder.path, 'add', '.');
  expect(commit(folder.path)).toEqual({ status: 0, stderr: `page/${told}` });
  expect(gitIn(folder.path, 'show', `HEAD:${path}`)).toContain('10.1.2.3');
});

test('a hook of somebody else is left as it is, and its owner is told what to add', async () => {
  await using root = await hooked();
  expect((await candor(['hooks', 'install'], { cwd: root.path })).stdout).toContain('is as it should be.');
  const hook = `${root.path}/.git/hooks/pre-commit`;
  expect((await stat(hook)).mode & 0o111).toBe(0o111);
  await writeFile(hook, '#!/bin/sh\nexit 0\n');
  expect(await candor(['hooks', 'install'], { cwd: root.path })).toEqual({
    code: 3,
    stdout: '',
    stderr: `error: There is a hook already: ${hook}
  Put this line into it, before anything that ends it:
  node ${repository}/scripts/launch.mjs hooks pre-commit --root ${root.path} || exit $?
`,
  });
});
