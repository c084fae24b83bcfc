import { expect, test } from 'vitest';
import { githubPermission, githubSelf, startFakeGithub } from '../testing/fake-github.ts';
import { openGithubApi } from './github-api.ts';
import { repositoryPermission, tokenAccount } from './github-roles.ts';

const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';

test('the role of an account in a repository', async () => {
  await using github = await startFakeGithub({
    [route]: ({ owner, repo, username = '' }) =>
      owner === 'meadow' && repo === 'status' ? githubPermission(username, 7, 'write', 'status keeper') : undefined,
  });
  const api = await openGithubApi(github.access);
  expect(await repositoryPermission(api, 'meadow/status', { login: 'ada[bot]', id: 7 })).toEqual({
    permission: 'write',
    role_name: 'status keeper',
    user: { login: 'ada[bot]', id: 7 },
  });
});

test('a name that was given away speaks for nobody', async () => {
  await using github = await startFakeGithub({ [route]: () => githubPermission('ada', 8, 'admin', 'admin') });
  const api = await openGithubApi(github.access);
  await expect(repositoryPermission(api, 'meadow/status', { login: 'ada', id: 7 })).rejects.toMatchObject({
    message: 'ada is another account by now (8, not 7).',
    fix: 'Nobody may act under a name that was given away: let somebody else approve.',
  });
});

test('an account that GitHub does not name has no role', async () => {
  await using github = await startFakeGithub({
    [route]: () => ({ permission: 'admin', role_name: 'admin', user: null }),
  });
  const api = await openGithubApi(github.access);
  expect(await repositoryPermission(api, 'meadow/status', { login: 'ghost', id: 9 })).toEqual({
    permission: 'none',
    role_name: 'none',
    user: null,
  });
});

test('the account of a token', async () => {
  await using github = await startFakeGithub({ 'GET /user': () => githubSelf('ada', 7) });
  expect(await tokenAccount(await openGithubApi(github.access))).toEqual({ login: 'ada', id: 7 });
});
