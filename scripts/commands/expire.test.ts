import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git, gitLine } from '../../lib/adapters/git.ts';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

const path = 'components/payments.yml';

const pinned = `# What merchants feel first.
name: Payments   # keep it short
override:
  # planned
  status: under_maintenance
  reason: Upgrade of the card terminals
  set_at: 2026-11-21T08:00:00Z
  expires_at: 2026-11-21T09:00:00Z

# Rarely changed.
order:   10
`;

const cleared = `# What merchants feel first.
name: Payments   # keep it short

# Rarely changed.
order:   10
`;

function run(root: { path: string }, now: string, ...args: string[]): Promise<Ended> {
  return candor([...args, '--root', root.path, '--now', now], { env: { GITHUB_ACTOR: undefined } });
}

function expire(root: { path: string }, now = '2026-11-21T09:00:00Z', ...args: string[]): Promise<Ended> {
  return run(root, now, 'expire', ...args);
}

async function told(root: { path: string }): Promise<string[]> {
  const log = await readFile(join(root.path, '.state/audit.jsonl'), 'utf8');
  const entries: { action: string; subject: string; who: string }[] = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return entries
    .filter(({ subject, action }) => subject === 'components/payments' && action.startsWith('override'))
    .map(({ action, who }) => `${action} by ${who}`);
}

const textOf = (root: { path: string }) => readFile(join(root.path, path), 'utf8');

describe('without git', () => {
  test('an expired override is taken out, and everything around it stays byte for byte', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned });
    expect(await expire(root)).toEqual({
      code: 0,
      stderr: '',
      stdout: `Took the expired override of Payments out of components/payments.yml.
Told the audit log 7 facts.
`,
    });
    expect(await textOf(root)).toBe(cleared);
    expect(await told(root)).toEqual([expect.stringMatching(/^override\.set by ./), 'override.expired by expiry']);
    expect(await expire(root)).toEqual({
      code: 0,
      stderr: '',
      stdout: 'No file holds an override that has expired.\n',
    });
    expect(await told(root)).toHaveLength(2);
    expect((await run(root, '2026-11-21T10:00:00Z', 'audit', 'verify')).code).toBe(0);
  });

  test('one that holds stays', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned });
    expect((await expire(root, '2026-11-21T08:59:59Z')).stdout).toContain(
      'No file holds an override that has expired.\n',
    );
    expect(await textOf(root)).toBe(pinned);
    expect(await told(root)).toHaveLength(1);
  });

  test('an expiry is told once, also where the file was cleaned up before', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned });
    await expire(root, '2026-11-21T08:30:00Z');
    await root.write(path, cleared);
    expect((await expire(root)).stdout).toBe(
      'No file holds an override that has expired.\nTold the audit log one fact.\n',
    );
    await expire(root);
    expect((await told(root)).slice(1)).toEqual(['override.expired by expiry']);
  });

  test('an expiry is told once, also where a run was killed before it cleaned up the file', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned });
    await expire(root);
    await root.write(path, pinned);
    expect((await expire(root, '2026-11-21T10:00:00Z')).stdout).toBe(
      'Took the expired override of Payments out of components/payments.yml.\n',
    );
    expect(await textOf(root)).toBe(cleared);
    expect((await told(root)).slice(1)).toEqual(['override.expired by expiry']);
  });

  test('a file that cannot be read is reported, and its override is not said to be gone', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned, 'components/tills.yml': 'name: Tills\n' });
    await expire(root, '2026-11-21T08:30:00Z');
    await root.write(path, pinned.replace('name:', 'nmae:'));
    expect(await expire(root, '2026-11-21T08:40:00Z')).toEqual({
      code: 1,
      stdout: 'No file holds an override that has expired.\n',
      stderr: `components/payments.yml
  2:1  error    \`nmae\` is not a key here. unknown-key
                → Did you mean \`name\`?

1 error in 1 file.
`,
    });
    expect(await told(root)).toHaveLength(1);
  });

  test('what is written in a way that cannot be cut is left to a person', async () => {
    const text = `{name: Payments, override: {status: under_maintenance, reason: Upgrade of terminals, set_at: 2026-11-21T08:00:00Z, expires_at: 2026-11-21T09:00:00Z}}\n`;
    await using root = await temporaryContentRoot({ [path]: text });
    const ended = await expire(root);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toBe(`components/payments.yml
  1:18  warning  The override has expired and cannot be taken out without touching what stands around it. override-expired
                 → Delete the key \`override\` by hand.

1 warning in 1 file.
`);
    expect(await textOf(root)).toBe(text);
  });

  test('for programs', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned });
    expect((await expire(root, '2026-11-21T09:00:00Z', '--format', 'json')).stdout).toBe(
      '{"cleared":["components/payments.yml"],"recorded":7,"commit":null,"pushed_to":null}\n',
    );
  });

  test('--commit needs a repository, and says so before anything is changed', async () => {
    await using root = await temporaryContentRoot({ [path]: pinned });
    expect(await expire(root, '2026-11-21T09:00:00Z', '--commit')).toEqual({
      code: 3,
      stdout: '',
      stderr: `error: ${root.path} is in no git repository that has a commit.\n  Leave out --commit, or run this in a clone.\n`,
    });
    expect(await textOf(root)).toBe(pinned);
  });
});

const nobody = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/** A repository with a page, in the folder `page` of it, that was pushed to a bare one. */
async function pushedPage(): Promise<
  { remote: TemporaryRoot; clone: TemporaryRoot; page: { path: string } } & AsyncDisposable
> {
  const [remote, clone] = [await temporaryFolder(), await temporaryFolder()];
  await git(remote.path, ['init', '--quiet', '--bare', '--initial-branch=main']);
  await git(clone.path, ['clone', '--quiet', remote.path, '.']);
  await git(clone.path, ['switch', '--quiet', '--orphan', 'main']);
  await clone.write('status.config.yml', 'x');
  await clone.write('.gitignore', '.state\n');
  await clone.write(
    `page/status.config.yml`,
    'name: Meadow Status\nurl: https://status.example.com\nsupport_email: help@example.com\n',
  );
  await clone.write(`page/${path}`, pinned);
  await clone.write('page/components/tills.yml', 'name: Tills\n');
  await commitAll(clone.path, 'the page');
  await git(clone.path, ['push', '--quiet', '--set-upstream', 'origin', 'main']);
  return {
    remote,
    clone,
    page: { path: join(clone.path, 'page') },
    async [Symbol.asyncDispose]() {
      await remote[Symbol.asyncDispose]();
      await clone[Symbol.asyncDispose]();
    },
  };
}

async function commitAll(folder: string, message: string): Promise<void> {
  await git(folder, ['add', '--all']);
  await git(folder, ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '-m', message]);
}

function lineOf(page: { path: string }, ...args: string[]): string[] {
  return ['expire', ...args, '--root', page.path, '--now', '2026-11-21T09:00:00Z'];
}

function commitIn(page: { path: string }, ...args: string[]): Promise<Ended> {
  return candor(lineOf(page, ...args), { env: nobody });
}

describe('in git', () => {
  test('the commit holds this change alone: not what is prepared, not what is unfinished in the same file', async () => {
    await using all = await pushedPage();
    const { clone, page } = all;
    await clone.write('page/components/tills.yml', 'name: Points of sale\n');
    await git(clone.path, ['add', 'page/components/tills.yml']);
    await clone.write(`page/${path}`, pinned.replace('order:   10', 'order:   20'));
    const ended = await commitIn(page, '--commit');
    expect(ended).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^Took the expired override of Payments out of components\/payments\.yml\.\nTold the audit log \d+ facts\.\nCommitted: [0-9a-f]{10} chore\(components\): clear expired override of payments\n$/,
      ),
    });
    expect(await gitLine(clone.path, ['log', '-1', '--format=%an <%ae>|%cn|%s|%P', '--name-only'])).toBe(
      `Candor <candor@candor.invalid>|Candor|chore(components): clear expired override of payments|${await gitLine(clone.path, ['rev-parse', 'HEAD~'])}\n\npage/${path}`,
    );
    expect((await git(clone.path, ['show', `HEAD:page/${path}`])).toString()).toBe(cleared);
    expect((await git(clone.path, ['status', '--porcelain'])).toString()).toBe(
      ` M page/${path}\nM  page/components/tills.yml\n`,
    );
    expect(await textOf(page)).toBe(cleared.replace('order:   10', 'order:   20'));
    expect((await commitIn(page, '--commit')).stdout).toBe('No file holds an override that has expired.\n');
  });

  test('what is prepared of the same file is still prepared, and nothing else', async () => {
    await using all = await pushedPage();
    const { clone, page } = all;
    await clone.write(`page/${path}`, pinned.replace('order:   10', 'order:   20'));
    await git(clone.path, ['add', '.']);
    await commitIn(page, '--commit');
    expect((await git(clone.path, ['status', '--porcelain'])).toString()).toBe(`M  page/${path}\n`);
    expect((await git(clone.path, ['diff', '--cached', '--unified=0', '--no-color'])).toString()).toContain(
      '-order:   10\n+order:   20\n',
    );
  });

  test('a file that was cleaned up and not committed is committed by the next run', async () => {
    await using all = await pushedPage();
    await commitIn(all.page);
    const { stdout } = await commitIn(all.page, '--commit');
    expect(stdout).toMatch(/^No file holds an override that has expired\.\nCommitted: /);
    expect((await git(all.clone.path, ['status', '--porcelain'])).toString()).toBe('');
  });

  test('it is pushed from a shallow clone, in which nobody has a name', async () => {
    await using all = await pushedPage();
    await using shallow = await temporaryFolder();
    await git(shallow.path, ['clone', '--quiet', '--depth=1', `file://${all.remote.path}`, '.']);
    const page = { path: join(shallow.path, 'page') };
    const ended = await candor(lineOf(page, '--push'), { env: nobody, fresh: true });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/Committed and pushed to origin\/main: [0-9a-f]{10} chore/);
    expect((await git(all.remote.path, ['show', `main:page/${path}`])).toString()).toBe(cleared);
    expect(await gitLine(shallow.path, ['rev-parse', 'HEAD'])).toBe(
      await gitLine(all.remote.path, ['rev-parse', 'main']),
    );
    expect((await git(shallow.path, ['status', '--porcelain'])).toString()).toBe('');
  });

  test('where somebody else pushed before, the commit goes on top of theirs, and the clone goes along', async () => {
    await using all = await pushedPage();
    await using other = await temporaryFolder();
    await git(other.path, ['clone', '--quiet', all.remote.path, '.']);
    await other.write(`page/${path}`, pinned.replace('order:   10', 'order:   30'));
    await other.write('page/components/tills.yml', 'name: Points of sale\n');
    await commitAll(other.path, 'theirs');
    await git(other.path, ['push', '--quiet']);
    const ended = await commitIn(all.page, '--push');
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await gitLine(all.remote.path, ['log', '--format=%s', 'main'])).toBe(
      'chore(components): clear expired override of payments\ntheirs\nthe page',
    );
    const both = cleared.replace('order:   10', 'order:   30');
    expect((await git(all.remote.path, ['show', `main:page/${path}`])).toString()).toBe(both);
    expect(await textOf(all.page)).toBe(both);
    expect((await git(all.clone.path, ['status', '--porcelain'])).toString()).toBe('');
  });

  test('where somebody else pushes in the very moment, it is tried again', async () => {
    await using all = await pushedPage();
    await using other = await temporaryFolder();
    await git(other.path, ['clone', '--quiet', all.remote.path, '.']);
    await other.write('page/components/tills.yml', 'name: Points of sale\n');
    await commitAll(other.path, 'theirs');
    const theirs = await gitLine(other.path, ['rev-parse', 'HEAD']);
    await git(other.path, ['push', '--quiet', 'origin', 'HEAD:refs/heads/waiting']);
    const hook = join(all.remote.path, 'hooks', 'pre-receive');
    const once = `#!/bin/sh\nif [ ! -e once ]; then touch once; unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main ${theirs}; fi\n`;
    await writeFile(hook, once, { mode: 0o755 });
    const ended = await commitIn(all.page, '--push');
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await gitLine(all.remote.path, ['log', '--format=%s', 'main'])).toBe(
      'chore(components): clear expired override of payments\ntheirs\nthe page',
    );
    expect((await git(all.clone.path, ['status', '--porcelain'])).toString()).toBe('');
  });

  test('a branch that refuses is a failure that says that nothing is urgent', async () => {
    await using all = await pushedPage();
    const before = await gitLine(all.clone.path, ['rev-parse', 'HEAD']);
    await writeFile(
      join(all.remote.path, 'hooks', 'pre-receive'),
      '#!/bin/sh\necho "main is protected" >&2\nexit 1\n',
      { mode: 0o755 },
    );
    const ended = await commitIn(all.page, '--push');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('error: origin/main did not take the commit: remote: main is protected');
    expect(ended.stderr).toContain(
      `  Nothing is urgent: the page already shows the right thing, because an override that has expired shows nothing.
  Where the branch is protected, let this job push to it, or take the override out in a pull request.
`,
    );
    expect(await gitLine(all.clone.path, ['rev-parse', 'HEAD'])).toBe(before);
    expect(await told(all.page)).toHaveLength(2);
  });

  test('commits that are not pushed yet are not pushed along', async () => {
    await using all = await pushedPage();
    await all.clone.write('page/components/tills.yml', 'name: Points of sale\n');
    await commitAll(all.clone.path, 'not yet');
    const ended = await commitIn(all.page, '--push');
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({
      code: 3,
      stderr:
        "error: This branch has commits that origin/main does not have, and they are not this command's to push.\n  Push them or take them back first, or run this without --push.\n",
    });
    expect(await gitLine(all.remote.path, ['log', '--format=%s', 'main'])).toBe('the page');
  });
});
