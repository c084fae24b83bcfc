import { expect, test } from 'vitest';
import { entryLines } from '../../policy/audit-chain.ts';
import type { AuditFact } from '../../schema/audit.ts';
import { githubPermission, githubSelf, OtherAnswer, startFakeGithub } from '../../testing/fake-github.ts';
import { type Answered, ask, startEndpoint } from '../../testing/running-endpoint.ts';
import { auditAccess } from './audit-access.ts';
import { readAudit } from './audit-reader.ts';

const path = '/api/v1/admin/status/audit';
const repository = 'meadow/status';
const bearer = { authorization: 'Bearer token-of-ada' };

const facts = ['a', 'b', 'c'].map((id): AuditFact => {
  return { id, action: 'component.changed', who: 'probes', subject: 'components/payments', before: null, after: null };
});
const log = entryLines('', facts, new Date('2026-11-20T10:00:00Z')).lines;

/** GitHub with one account of this role, and an endpoint that asks it. */
async function withRole(permission: string, roleName: string, roles: readonly string[] = ['admin']) {
  const github = await startFakeGithub({
    'GET /user': () => githubSelf('ada', 7),
    'GET /repos/{owner}/{repo}/collaborators/{username}/permission': () =>
      githubPermission('ada', 7, permission, roleName),
  });
  let now = new Date('2026-11-20T10:00:00Z');
  const failures: unknown[] = [];
  const access = auditAccess({ apiUrl: github.access.apiUrl, repository, roles: () => roles, now: () => now });
  const failed = (error: unknown) => void failures.push(error);
  const endpoint = await startEndpoint({
    audit: (question) => readAudit({ access, readLog: async () => log, failed }, question),
  });
  const read = (query = '', headers: Record<string, string> = bearer): Promise<Answered> =>
    ask(endpoint.origin, path + query, { headers });
  return {
    github,
    endpoint,
    failures,
    read,
    later: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    [Symbol.asyncDispose]: async () => {
      await endpoint[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
    },
  };
}

test('an administrator reads the log, newest first, part by part', async () => {
  await using ada = await withRole('admin', 'admin');
  const first = JSON.parse((await ada.read('?limit=2')).text);
  expect({ ids: first.entries.map(({ id }: AuditFact) => id), next: first.next }).toEqual({
    ids: ['c', 'b'],
    next: '2',
  });
  const second = JSON.parse((await ada.read(`?limit=2&cursor=${first.next}`)).text);
  expect({ ids: second.entries.map(({ id }: AuditFact) => id), next: second.next }).toEqual({
    ids: ['a'],
    next: undefined,
  });
});

test.each([
  ['write', 'write', ['admin'], 403],
  ['write', 'maintain', ['admin'], 403],
  ['admin', 'a-role-of-tomorrow', ['admin'], 403],
  ['write', 'maintain', ['admin', 'maintain'], 200],
  ['none', 'none', ['admin'], 403],
] as const)('%s as %s, where %j hold MANAGE_STATUS: %i', async (permission, role, roles, status) => {
  await using ada = await withRole(permission, role, roles);
  expect((await ada.read()).status).toBe(status);
});

test('without a token of GitHub nobody is let in, and is told how', async () => {
  await using ada = await withRole('admin', 'admin');
  for (const headers of [
    {},
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer a b' },
  ]) {
    const answered = await ada.read('', headers);
    expect({ status: answered.status, how: answered.headers['www-authenticate'] }).toEqual({
      status: 401,
      how: 'Bearer realm="audit log"',
    });
  }
  expect(ada.github.calls).toEqual([]);
  ada.github.fault = () => ({ status: 401 });
  expect((await ada.read()).status).toBe(401);
});

test('GitHub is asked once a minute for each token', async () => {
  await using ada = await withRole('admin', 'admin');
  await ada.read();
  await ada.read();
  expect(ada.github.calls).toHaveLength(2);
  ada.later(59);
  await ada.read();
  expect(ada.github.calls).toHaveLength(2);
  await ada.read('', { authorization: 'Bearer another' });
  expect(ada.github.calls).toHaveLength(4);
  ada.later(2);
  await ada.read();
  expect(ada.github.calls).toHaveLength(6);
});

test('while GitHub does not answer nobody is let in, and that is not remembered', async () => {
  await using ada = await withRole('admin', 'admin');
  ada.github.fault = () => ({ status: 500 });
  expect((await ada.read()).status).toBe(503);
  expect(ada.failures).toHaveLength(1);
  ada.github.fault = () => undefined;
  expect((await ada.read()).status).toBe(200);
  expect(ada.endpoint.logged.join('')).not.toContain('token-of-ada');
});

test('a repository that the account may not see is not for it', async () => {
  await using github = await startFakeGithub({
    'GET /user': () => githubSelf('ada', 7),
    'GET /repos/{owner}/{repo}/collaborators/{username}/permission': () =>
      new OtherAnswer(404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }),
  });
  const access = auditAccess({
    apiUrl: github.access.apiUrl,
    repository,
    roles: () => ['admin'],
    now: () => new Date(0),
  });
  expect(await access('token')).toBe('forbidden');
});

test.each([
  '?limit=0',
  '?limit=201',
  '?limit=x',
  '?limit=1&limit=2',
  '?cursor=-1',
  '?cursor=1e3',
  '?cursor=1&cursor=2',
])('%s is refused', async (query) => {
  await using ada = await withRole('admin', 'admin');
  expect((await ada.read(query)).status).toBe(400);
});

test('a damaged log and a log that cannot be read are told as such', async () => {
  const access = async () => 'granted' as const;
  const failed = () => undefined;
  const damaged = { access, readLog: async () => '{}\n', failed };
  const gone = { access, readLog: () => Promise.reject(new Error('gone')), failed };
  const closed = { access: undefined, readLog: async () => log, failed };
  for (const needs of [damaged, gone, closed]) {
    await using endpoint = await startEndpoint({ audit: (question) => readAudit(needs, question) });
    expect((await ask(endpoint.origin, path, { headers: bearer })).status).toBe(503);
  }
});
