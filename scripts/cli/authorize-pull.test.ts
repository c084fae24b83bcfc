import { expect, test } from 'vitest';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { githubAccount, githubPermission, startFakeGithub } from '../../lib/testing/fake-github.ts';
import { githubFile, githubPage, githubPull, githubReview } from '../../lib/testing/fake-pull.ts';
import { recordedEvents, recordedPullEvent } from '../../lib/testing/recorded-events.ts';
import { decideOnPull } from './authorize-pull.ts';
import type { Context } from './context.ts';

const opened = recordedPullEvent('pull_request', 'opened');
const head = opened.pull_request.head.sha;
const author = { login: 'Codertocat', id: 21031067 };
const pull = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
const permission = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';

interface World {
  readonly event?: object | string;
  readonly kind?: string;
  readonly files?: readonly string[];
  readonly changedFiles?: number;
  readonly head?: string;
  readonly reviews?: readonly {
    readonly login: string;
    readonly id: number;
    readonly state: string;
    readonly commit?: string;
  }[];
  readonly roles?: Readonly<Record<string, string>>;
  readonly settings?: string;
  readonly pushedBy?: { readonly login: string; readonly id: number };
  readonly fault?: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'broken';
}

const words: Readonly<Record<string, string>> = { admin: 'admin', maintain: 'write', write: 'write', read: 'read' };

/** Decide on an event, against a GitHub in which this is so. */
async function decide(world: World) {
  const files = (world.files ?? ['incidents/2026-11-20-card-payments.md']).map(githubFile);
  const reviews = (world.reviews ?? []).map((one, index) => githubReview(one, one.state, one.commit ?? head, index));
  await using github = await startFakeGithub({
    [pull]: ({ pull_number }) =>
      githubPull({
        number: Number(pull_number),
        author,
        repository: 'Codertocat/Hello-World',
        head: world.head ?? head,
        headRef: 'changes',
        baseRef: 'master',
        changedFiles: world.changedFiles ?? files.length,
      }),
    [`${pull}/files`]: (_places, { query }) => githubPage(files, query),
    [`${pull}/reviews`]: (_places, { query }) => githubPage(reviews, query),
    [permission]: ({ username = '' }) => {
      const role = world.roles?.[username];
      const id =
        username === author.login ? author.id : (world.reviews?.find(({ login }) => login === username)?.id ?? 0);
      return role === undefined ? undefined : githubPermission(username, id, words[role] ?? 'read', role);
    },
    'GET /repos/{owner}/{repo}/activity': () =>
      world.pushedBy === undefined
        ? []
        : [
            {
              id: 1,
              node_id: 'A_1',
              before: '0'.repeat(40),
              after: world.head ?? head,
              ref: 'refs/heads/changes',
              timestamp: '2026-11-20T10:00:00Z',
              activity_type: 'push',
              actor: githubAccount(world.pushedBy.login, world.pushedBy.id),
            },
          ],
  });
  const { fault } = world;
  if (fault !== undefined) github.fault = () => fault;
  await using root = await temporaryContentRoot(
    world.settings === undefined ? {} : { 'status.config.yml': world.settings },
  );
  const text = typeof world.event === 'string' ? world.event : JSON.stringify(world.event ?? opened);
  await root.write('event.json', text);
  const context: Context = {
    root: root.path,
    state: root.path,
    now: () => new Date('2026-11-20T12:00:00Z'),
    isRehearsal: false,
    format: 'text',
    debug: false,
    interactive: false,
    env: {
      GITHUB_API_URL: github.access.apiUrl,
      GITHUB_EVENT_NAME: world.kind ?? 'pull_request',
      GITHUB_EVENT_PATH: `${root.path}/event.json`,
      GITHUB_REPOSITORY: 'Codertocat/Hello-World',
      GITHUB_TOKEN: github.access.token,
      GITHUB_WORKSPACE: root.path,
    },
  };
  const decided = await decideOnPull(context, undefined);
  return { decided, calls: github.calls };
}

const refusing = (code: 1 | 3, reason: string | RegExp, fix: string | RegExp = /./) => ({
  allowed: false,
  code,
  reason: expect.stringMatching(reason),
  fix: expect.stringMatching(fix),
});

const allowed = (reason: string) => ({ allowed: true, reason });
const byAuthor = allowed('Codertocat holds MANAGE_STATUS (admin) and wrote the newest commit.');
const byBen = allowed('ben holds MANAGE_STATUS (admin) and approves the newest commit.');
const noRight = allowed('Nothing that it changes needs MANAGE_STATUS.');
const ben = { login: 'ben', id: 2, state: 'APPROVED' };
const asAdmin = { Codertocat: 'admin' };
const docs = (count: number) => Array.from({ length: count }, (_, index) => `docs/${index}.md`);
const settings = 'name: M\nurl: https://status.example\nsupport_email: a@b.example\n';

test.each<[string, World, object]>([
  ['an author who is an admin', { roles: asAdmin }, byAuthor],
  [
    'an author who may only write',
    { roles: { Codertocat: 'write' } },
    refusing(1, 'Codertocat, who wrote it, has the role write; nobody approves'),
  ],
  ['an author from outside', {}, refusing(1, 'Codertocat, who wrote it, has the role none')],
  ['a role that is new', { roles: { Codertocat: 'overlord' } }, refusing(1, 'has the role overlord')],
  ['an approval', { reviews: [ben], roles: { ben: 'admin' } }, byBen],
  [
    'an approval of an older commit',
    { reviews: [{ ...ben, commit: 'b'.repeat(40) }], roles: { ben: 'admin' } },
    refusing(1, 'nobody approves its newest commit', 'Approvals of older commits do not count'),
  ],
  [
    'a dismissed approval',
    { reviews: [{ ...ben, state: 'DISMISSED' }], roles: { ben: 'admin' } },
    refusing(1, 'nobody approves its newest commit'),
  ],
  ['an approval after a hundred comments', { reviews: [...comments(120), ben], roles: { ben: 'admin' } }, byBen],
  ['no content', { files: ['docs/a.md'] }, noRight],
  ['workflows alone', { files: ['.github/workflows/test.yml'] }, refusing(1, 'nobody who holds MANAGE_STATUS')],
  [
    'content with workflows',
    { files: ['.github/workflows/test.yml', 'probes/a.yml'], roles: asAdmin },
    refusing(1, /probes\/a.yml\) together with what judges content/, 'Make two pull requests'),
  ],
  ['a way up', { files: ['docs/../incidents/a.md'], roles: asAdmin }, refusing(1, 'read differently')],
  ['letters that turn a line around', { files: ['incidents/\u202Ea.md'], roles: asAdmin }, refusing(1, /\\u202ea\.md/)],
  ['250 files', { files: docs(250) }, noRight],
  [
    '5,000 files',
    { files: docs(3000), changedFiles: 5000, roles: asAdmin },
    refusing(1, 'It changes 5000 files, of which GitHub shows 3000', 'Make several pull requests'),
  ],
  ['a newer commit', { head: 'c'.repeat(40), roles: asAdmin }, refusing(1, 'The pull request has changed since')],
  [
    'roles of its own',
    { roles: { Codertocat: 'maintain' }, settings: `${settings}manage_status_roles: [maintain]\n` },
    allowed('Codertocat holds MANAGE_STATUS (maintain) and wrote the newest commit.'),
  ],
  [
    'settings that cannot be read',
    { roles: { Codertocat: 'maintain' }, settings: 'manage_status_roles: [maintain' },
    refusing(1, /MANAGE_STATUS \(admin\) stands/),
  ],
])('%s', async (_what, world, expected) => {
  expect((await decide(world)).decided).toEqual(expected);
});

function comments(count: number) {
  return Array.from({ length: count }, () => ({ ...ben, state: 'COMMENTED' }));
}

const submitted = recordedPullEvent('pull_request_review', 'submitted');
const onReview = { event: submitted, kind: 'pull_request_review', head: submitted.pull_request.head.sha };

test.each<[string, World, object]>([
  ['the author pushed', { pushedBy: author }, byAuthor],
  ['somebody else pushed', { pushedBy: ben }, refusing(1, 'but somebody else pushed the newest commit')],
  ['that is not known', {}, refusing(1, 'but it cannot be seen who pushed the newest commit')],
])('when a review comes and %s', async (_what, world, expected) => {
  expect((await decide({ ...onReview, roles: asAdmin, ...world })).decided).toEqual(expected);
});

test('a push by somebody else does not borrow the right of the author', async () => {
  const event = { ...opened, action: 'synchronize', sender: githubAccount('ben', 2) };
  expect((await decide({ event, roles: asAdmin })).decided).toEqual(refusing(1, 'but somebody else pushed'));
});

test.each<[string, World, string]>([
  ['an event of another kind', { kind: 'issues' }, 'The event is "issues", which is not about a pull request.'],
  ['an event that is cut off', { event: JSON.stringify(opened).slice(0, 900) }, 'is cut off or no JSON.'],
  ['an event that is empty', { event: '' }, 'is cut off or no JSON.'],
  ['an event without a pull request', { event: { action: 'opened' } }, 'is none of a pull request: look at'],
  [
    'an event of another repository',
    { event: JSON.stringify(opened).replaceAll('Codertocat/Hello-World', 'a/b') },
    'The event is of a/b, and this is Codertocat/Hello-World.',
  ],
])('%s is denied before anybody is asked', async (_what, world, reason) => {
  const { decided, calls } = await decide({ roles: asAdmin, ...world });
  expect({ decided, calls: calls.length }).toEqual({
    decided: refusing(1, reason, 'Run this in a workflow'),
    calls: 0,
  });
});

test('an event that is not about a pull request is denied, whatever it says of itself', async () => {
  const others = recordedEvents().filter(({ name }) => !name.startsWith('pull_request'));
  expect(others.length).toBeGreaterThan(40);
  for (const { examples } of others) {
    const { decided } = await decide({ event: examples[0] ?? {}, kind: 'pull_request' });
    expect(decided).toEqual(refusing(1, /^The event in .* is none of a pull request/));
  }
});

test.each([
  [401, {}, 'Give a token that is valid'],
  [403, {}, 'Give the token the right to this'],
  [404, {}, 'Look at the name of the repository'],
  [422, {}, 'Read what GitHub says above'],
  [429, { 'retry-after': '3600' }, 'GitHub asks to wait 3600 s'],
])('where GitHub answers %i it is denied, with what helps', async (status, headers, fix) => {
  const { decided } = await decide({ roles: asAdmin, fault: { status, headers } });
  expect(decided).toEqual(refusing(3, `^It could not be decided. GitHub answered ${status}`, fix));
});
