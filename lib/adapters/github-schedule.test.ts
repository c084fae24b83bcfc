import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { countConnections } from '../testing/counting-server.ts';
import { Failure } from './failure.ts';
import { type GithubAccess, keepWorkflow } from './github-schedule.ts';

/** A stand-in for GitHub's API: one workflow in one state; it notes what it was asked. */
async function github(state: string, status = 200) {
  const asked: string[] = [];
  const server = await countConnections(
    createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.statusCode = request.method === 'PUT' && status === 200 ? 204 : status;
      response.end(request.method === 'GET' ? JSON.stringify({ id: 1, state }) : undefined);
    }),
  );
  const apiUrl = `http://127.0.0.1:${server.port}/api/v3/`;
  const access: GithubAccess = { apiUrl, repository: 'meadow/status', token: 't0' };
  return Object.assign(server, { asked, access });
}

const path = '/api/v3/repos/meadow/status/actions/workflows/probe.yml';

test.each(['active', 'disabled_inactivity'])('a workflow that is %s is enabled', async (state) => {
  await using api = await github(state);
  expect(await keepWorkflow('probe.yml', api.access)).toBe('enabled');
  expect(api.asked).toEqual([`GET ${path} Bearer t0`, `PUT ${path}/enable Bearer t0`]);
});

test('a workflow that a person switched off stays off', async () => {
  await using api = await github('disabled_manually');
  expect(await keepWorkflow('probe.yml', api.access)).toBe('disabled_manually');
  expect(api.asked).toEqual([`GET ${path} Bearer t0`]);
});

test.each([
  [401, 'Give a GITHUB_TOKEN that is valid.'],
  [403, 'Give the job `permissions: actions: write`.'],
  [404, 'Name a file of .github/workflows on the default branch, and give the job `permissions: actions: write`.'],
  [500, 'Nothing has changed; the next run tries again.'],
])('where GitHub answers %i, the failure says what to do and holds no token', async (status, fix) => {
  await using api = await github('active', status);
  const refused = keepWorkflow('probe.yml', api.access);
  await expect(refused).rejects.toEqual(
    new Failure(`The schedule of probe.yml in meadow/status cannot be kept: GitHub answered ${status}.`, { fix }),
  );
});

test('where nobody listens, the failure says so', async () => {
  const access = { apiUrl: 'http://127.0.0.1:9', repository: 'meadow/status', token: 't0' };
  await expect(keepWorkflow('probe.yml', access)).rejects.toThrow(
    'The schedule of probe.yml in meadow/status cannot be kept: GitHub cannot be reached.',
  );
});
