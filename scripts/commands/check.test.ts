import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];
const now = ['--now', '2026-11-20T12:00:00Z'];

test('sound content ends with 0', async () => {
  await using root = await temporaryContentRoot();
  expect(await candor(['check', '--root', root.path, ...now], { fresh: true })).toEqual({
    code: 0,
    stdout: 'No problem in 3 files.\n',
    stderr: '',
  });
});

test('errors end with 1', async () => {
  await using root = await temporaryContentRoot({ [path]: sound.replace('impact: major', 'impact: mayor') });
  expect(await candor(['check', ...now], { cwd: root.path })).toEqual({
    code: 1,
    stdout: `${path}
  4:9  error    \`impact\` is \`mayor\`, which is none of none, minor, major, critical. wrong-value
                → Did you mean \`major\`?

1 error in 3 files.
`,
    stderr: '',
  });
});

test('warnings alone end with 0', async () => {
  const open = sound.slice(0, sound.indexOf('## resolved')).replace('state: resolved', 'state: monitoring');
  await using root = await temporaryContentRoot({ [path]: open });
  expect(await candor(['check', '--root', root.path, '--format', 'github', ...now])).toEqual({
    code: 0,
    stdout: `::warning file=${path},line=19,col=1,title=update-overdue::The next update was due at 2026-11-20T11:05:00Z: monitoring promises one every 60 minutes. Run \`candor incident update 2026-11-20-card-payments\`, even if only to say that work goes on.\n`,
    stderr: '',
  });
});

test('programs get an array and nothing else', async () => {
  await using root = await temporaryContentRoot({ 'components/payments.yml': 'nmae: Payments\n' });
  const { code, stdout, stderr } = await candor(['check', '--root', root.path, '--format', 'json', ...now]);
  expect({ code, stderr, problems: JSON.parse(stdout) }).toEqual({
    code: 1,
    stderr: '',
    problems: [
      {
        file: 'components/payments.yml',
        line: 1,
        column: 1,
        rule: 'unknown-key',
        severity: 'error',
        message: '`nmae` is not a key here.',
        fix: 'Did you mean `name`?',
      },
    ],
  });
});

test('annotations name files as the repository does', async () => {
  await using folder = await temporaryFolder();
  await folder.write('page/status.config.yml', 'nmae: X\n');
  const { stdout } = await candor(['check', '--root', 'page', '--format', 'github'], {
    cwd: folder.path,
    env: { GITHUB_WORKSPACE: folder.path },
  });
  expect(stdout).toContain('::error file=page/status.config.yml,line=1,col=1,title=unknown-key::');
});

test('a folder that is not there is a problem', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await candor(['check', '--root', `${folder.path}/nowhere`, '--format', 'json']);
  expect({ code, rules: JSON.parse(stdout).map(({ rule }: { rule: string }) => rule) }).toEqual({
    code: 1,
    rules: ['no-content'],
  });
});

test('a change is held against a folder', async () => {
  await using before = await temporaryContentRoot();
  await using root = await temporaryContentRoot({ [path]: sound.replace('published: true', 'published: false') });
  expect(await candor(['check', '--root', root.path, '--base', before.path, ...now])).toEqual({
    code: 1,
    stdout: `${path}
  3:1  error    The incident was published and is a draft now. published-incident-withdrawn
                → Write \`published: true\`; say in a new update what was wrong.

1 error in 3 files.
`,
    stderr: '',
  });
});

test('a change is held against a commit', async () => {
  await using root = await temporaryContentRoot();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com', ...args], {
      cwd: root.path,
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'Begin');
  expect((await candor(['check', '--base', 'HEAD', ...now], { cwd: root.path })).code).toBe(0);
  await root.write(path, sound.replace('Card payments work again.', 'Never mind.'));
  const { code, stdout } = await candor(['check', '--base', 'HEAD', '--format', 'json', ...now], { cwd: root.path });
  expect({ code, rules: JSON.parse(stdout).map(({ rule }: { rule: string }) => rule) }).toEqual({
    code: 1,
    rules: ['published-update-changed'],
  });
});

const other = 'incidents/2026-11-19-slow-reports.md';

/** A repository with two incidents, committed. */
async function repository() {
  const root = await temporaryContentRoot({ [other]: sound.replaceAll('2026-11-20', '2026-11-19') });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com', ...args], {
      cwd: root.path,
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'Begin');
  return Object.assign(root, { git });
}

test('with a base, incidents that the change cannot affect are not read again, and it says so', async () => {
  await using root = await repository();
  await root.write(other, 'broken');
  root.git('commit', '-q', '-a', '-m', 'Break');
  await root.write(path, sound.replace('impact: major', 'impact: minor'));
  expect(await candor(['check', '--base', 'HEAD', ...now], { cwd: root.path })).toEqual({
    code: 1,
    stdout: `${path}
  4:1  error    \`impact\` was changed, and the incident was resolved. resolved-incident-changed
                → Put it back as it was; write a new incident for what is new.

1 error in 3 files.
One other incident is as before, and the change cannot affect it.
`,
    stderr: '',
  });
  expect((await candor(['check', ...now], { cwd: root.path })).stdout).toContain(other);
});

test('a change of a component or of the settings can affect every incident', async () => {
  await using root = await repository();
  root.git('mv', 'components/payments.yml', 'components/card-payments.yml');
  const { stdout } = await candor(['check', '--base', 'HEAD', '--format', 'json', ...now], { cwd: root.path });
  const found: { file: string; rule: string }[] = JSON.parse(stdout);
  const unknown = found.filter(({ rule }) => rule === 'unknown-component').map(({ file }) => file);
  expect(new Set(unknown)).toEqual(new Set([path, other]));
});

test('programs, links and repositories of others are no content', async () => {
  await using root = await repository();
  root.git('update-index', '--chmod=+x', path);
  root.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},incidents/2026-11-18-theirs.md`);
  const link = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: root.path, input: '../status.config.yml' });
  root.git('update-index', '--add', '--cacheinfo', `120000,${link.toString().trim()},components/sign-in.yml`);
  const { code, stdout } = await candor(['check', '--format', 'json', ...now], { cwd: root.path });
  const found: { file: string; rule: string }[] = JSON.parse(stdout);
  expect({ code, found: found.map(({ file, rule }) => `${file} ${rule}`) }).toEqual({
    code: 1,
    found: [
      'components/sign-in.yml symbolic-link',
      'incidents/2026-11-18-theirs.md submodule',
      `${path} executable-file`,
    ],
  });
});

test('a base without content ends with 2', async () => {
  await using root = await temporaryContentRoot();
  await using empty = await temporaryFolder();
  const { code, stdout, stderr } = await candor(['check', '--root', root.path, '--base', empty.path, ...now]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Name the folder of the content as it was.');
});

test('a base that is neither a folder nor a commit is a wrong argument', async () => {
  await using root = await temporaryContentRoot();
  execFileSync('git', ['init', '-q'], { cwd: root.path });
  expect(await candor(['check', '--base', 'nowhere', ...now], { cwd: root.path })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: --base "nowhere" is neither a folder nor a commit that git knows here.
  Name a branch, a tag or a commit, such as origin/main. In a shallow clone, fetch it first: \`git fetch --unshallow\`.
`,
  });
});
