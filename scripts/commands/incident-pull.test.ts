import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { proposalQuestions } from '../../lib/content/proposal-text.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';
import { githubAccount, OtherAnswer, startFakeGithub } from '../../lib/testing/fake-github.ts';
import { githubPull } from '../../lib/testing/fake-pull.ts';
import { gitIn, remoteAndClone } from '../../lib/testing/git-repository.ts';

const id = '2026-11-21-tills-are-slow';
const path = `incidents/${id}.md`;
const branch = `incident/${id}`;
const pulls = 'GET /repos/{owner}/{repo}/pulls';
const newPull = 'POST /repos/{owner}/{repo}/pulls';
const labels = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';

/** A GitHub in which a pull request that is opened stays open until `close`. */
async function github() {
  const opened: { head: string; title: string; body: string }[] = [];
  let open: object[] = [];
  const api = await startFakeGithub({
    [pulls]: () => open,
    [newPull]: (_places, { body }) => {
      opened.push(body as (typeof opened)[number]);
      const pull = githubPull({
        number: opened.length,
        author: githubAccount('ada', 1),
        repository: 'meadow/status',
        head: 'a'.repeat(40),
        headRef: branch,
        baseRef: 'main',
        changedFiles: 1,
      });
      open = [pull];
      return new OtherAnswer(201, pull);
    },
    [labels]: (_places, { body }) =>
      (body as { labels: string[] }).labels.map((name, index) => ({
        id: index,
        node_id: 'L',
        url: 'https://x.example',
        name,
        description: null,
        color: 'ededed',
        default: false,
      })),
  });
  return Object.assign(api, { opened, close: () => (open = []) });
}

async function world() {
  const content = await temporaryContentRoot();
  const folder = await temporaryFolder();
  const [remote, clone] = [`${folder.path}/remote.git`, `${folder.path}/clone`];
  remoteAndClone(content.path, remote, clone);
  await content[Symbol.asyncDispose]();
  return Object.assign(folder, { remote, clone });
}

const begin = ['new', '--title', 'Tills are slow', '--impact', 'minor', '--component', 'payments=degraded_performance'];

function incident(clone: string, apiUrl: string, now: string, args: readonly string[]) {
  const env = { GITHUB_API_URL: apiUrl, GITHUB_REPOSITORY: 'meadow/status', GITHUB_TOKEN: 't0', GH_TOKEN: undefined };
  return candor(['incident', ...args, '--pr', '--yes', '--now', `2026-11-21T${now}Z`], { cwd: clone, env });
}

/** Merge a branch as one commit, as GitHub does where a repository is set to that. */
function squash(remote: string, clone: string): void {
  gitIn(clone, 'worktree', 'add', '-q', '--detach', `${remote}.tree`, 'origin/main');
  gitIn(`${remote}.tree`, 'merge', '-q', '--squash', branch);
  gitIn(`${remote}.tree`, 'commit', '-q', '-m', 'Merge');
  gitIn(`${remote}.tree`, 'push', '-q', 'origin', 'HEAD:main');
  gitIn(clone, 'worktree', 'remove', `${remote}.tree`);
}

test('an incident goes to the public by pull requests, one update prepared before the one before it is merged', async () => {
  await using api = await github();
  await using place = await world();
  const { remote, clone } = place;
  const { apiUrl } = api.access;
  gitIn(clone, 'switch', '-q', '-c', 'something-else');

  const first = await incident(clone, apiUrl, '08:00:00', [...begin, '--message', 'We look into it.', '--publish']);
  expect(first).toEqual({
    code: 0,
    stdout: 'Opened: https://github.com/meadow/status/pull/1\n',
    stderr: `This is about to be done, on top of origin/main:
  write ${path}
  commit it to the branch ${branch}: incident(${id}): investigating
  push that branch to origin
  open a pull request in meadow/status
Your own branch and files stay as they are.
`,
  });
  expect(gitIn(clone, 'status', '--porcelain', '--branch')).toBe('## something-else');
  expect(api.opened[0]).toEqual({
    head: branch,
    base: 'main',
    title: `incident(${id}): investigating`,
    body: `**What merchants feel**

Tills are slow (impact minor)

**Since when (UTC)**

2026-11-21T08:00:00Z

**What is done next, and when they hear of it**

investigating; the next update is due at 2026-11-21T08:30:00Z

- [ ] The summary of the check says what I want the public to read.
- [ ] Somebody with MANAGE_STATUS wrote this or approves its newest commit.
`,
  });
  expect(api.calls.at(-1)?.body).toEqual({ labels: ['incident', 'investigating'] });

  const second = await incident(clone, apiUrl, '08:25:00', ['update', '--state', 'identified', '--message', 'Found.']);
  expect({ ...second, stderr: second.stderr.split('\n')[0] }).toEqual({
    code: 0,
    stdout: 'The open pull request has it now: https://github.com/meadow/status/pull/1\n',
    stderr: `This is about to be done, on top of ${branch}, which is not merged yet:`,
  });
  expect(gitIn(remote, 'log', '--format=%s', branch)).toBe(
    `incident(${id}): identified\nincident(${id}): investigating\nBegin`,
  );

  squash(remote, clone);
  api.close();
  const third = await incident(clone, apiUrl, '09:00:00', [
    'update',
    id,
    '--state',
    'monitoring',
    '--message',
    'Better.',
  ]);
  expect({ ...third, stderr: third.stderr.split('\n')[0] }).toEqual({
    code: 0,
    stdout: 'Opened: https://github.com/meadow/status/pull/2\n',
    stderr: 'This is about to be done, on top of origin/main:',
  });
  expect(gitIn(remote, 'log', '--format=%s', `${branch}+2`)).toBe(`incident(${id}): monitoring\nMerge\nBegin`);
  expect(gitIn(remote, 'show', `${branch}+2:${path}`).match(/^## \w+/gm)).toEqual([
    '## investigating',
    '## identified',
    '## monitoring',
  ]);
});

test('without the remote the commit is kept on its branch, and it is said how to go on', async () => {
  await using place = await world();
  gitIn(place.clone, 'remote', 'set-url', 'origin', `${place.path}/gone.git`);
  const ended = await incident(place.clone, 'http://127.0.0.1:9', '08:00:00', [...begin, '--message', 'We look.']);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 3, stdout: '' });
  expect(ended.stderr).toContain('origin cannot be reached: this goes by what is known here, and the push may fail.\n');
  expect(ended.stderr).toContain(`error: The commit is on the branch ${branch} here, and origin did not take it:`);
  expect(ended.stderr).toContain(`  Nothing is lost. When origin can be reached: git push origin ${branch}\n`);
  expect(gitIn(place.clone, 'log', '-1', '--format=%s', branch)).toBe(`incident(${id}): investigating`);
});

test('the template of the repository asks what the pull requests answer', async () => {
  const template = await readFile('.github/PULL_REQUEST_TEMPLATE/incident.md', 'utf8');
  expect(template.match(/^\*\*.*\*\*$/gm)).toEqual(Object.values(proposalQuestions));
});
