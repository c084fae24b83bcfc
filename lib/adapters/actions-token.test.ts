import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/content-root.ts';
import { countConnections } from '../testing/counting-server.ts';
import { withActionsToken } from './actions-token.ts';
import { gitIn } from './state/git-command.ts';

const workflow = { GITHUB_ACTIONS: 'true', GITHUB_TOKEN: 'ghs_meadow', GITHUB_SERVER_URL: 'https://github.com' };

test('in a workflow git is given the token for the server of the workflow', () => {
  expect(withActionsToken({ ...workflow, GIT_CONFIG_COUNT: '1' })).toEqual({
    ...workflow,
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_1: 'http.https://github.com/.extraheader',
    GIT_CONFIG_VALUE_1: '',
    GIT_CONFIG_KEY_2: 'http.https://github.com/.extraheader',
    GIT_CONFIG_VALUE_2: 'AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46Z2hzX21lYWRvdw==',
  });
});

test.each([
  ['outside of a workflow', { ...workflow, GITHUB_ACTIONS: undefined }],
  ['without a token', { ...workflow, GITHUB_TOKEN: '' }],
  ['where the server is not reached safely', { ...workflow, GITHUB_SERVER_URL: 'http://github.example' }],
])('%s nothing is added', (_where, env) => expect(withActionsToken(env)).toBe(env));

test('git sends what such a setting holds to that server and to no other', async () => {
  await using folder = await temporaryFolder();
  execFileSync('git', ['init', '-q'], { cwd: folder.path });
  const seen: (string | undefined)[] = [];
  const answer = () =>
    createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
  await using own = await countConnections(answer());
  await using other = await countConnections(answer());
  const settings = withActionsToken(workflow);
  const key = `http.http://127.0.0.1:${own.port}/.extraheader`;
  const git = gitIn(folder.path, { ...process.env, ...settings, GIT_CONFIG_KEY_0: key, GIT_CONFIG_KEY_1: key });
  for (const { port } of [own, other]) {
    await expect(git(['ls-remote', `http://127.0.0.1:${port}/meadow/status`])).rejects.toThrow();
  }
  expect(seen).toEqual(['basic eC1hY2Nlc3MtdG9rZW46Z2hzX21lYWRvdw==', undefined]);
});
