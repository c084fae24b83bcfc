import { expect, test } from 'vitest';
import { OtherAnswer, startFakeGithub } from '../testing/fake-github.ts';
import { keepWorkflow } from './github-schedule.ts';

const route = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const noTime = { longestRequestMs: 20_000, sleep: async () => undefined };

/** A GitHub with one workflow in one state. */
function github(state: string) {
  const url = 'https://github.example/x';
  const at = '2026-11-20T10:00:00Z';
  const facts = { id: 1, node_id: 'W_1', name: 'probe', path: '.github/workflows/probe.yml', state };
  return startFakeGithub({
    [`GET ${route}`]: () => ({ ...facts, created_at: at, updated_at: at, url, html_url: url, badge_url: url }),
    [`PUT ${route}/enable`]: () => new OtherAnswer(204, undefined),
  });
}

const path = '/repos/meadow/status/actions/workflows/probe.yml';

test.each(['active', 'disabled_inactivity'])('a workflow that is %s is enabled', async (state) => {
  await using api = await github(state);
  expect(await keepWorkflow('probe.yml', { ...api.access, repository: 'meadow/status' })).toBe('enabled');
  expect(api.calls.map(({ url, token }) => `${url} ${token}`)).toEqual([`GET ${path} t0`, `PUT ${path}/enable t0`]);
});

test('a workflow that a person switched off stays off', async () => {
  await using api = await github('disabled_manually');
  expect(await keepWorkflow('probe.yml', { ...api.access, repository: 'meadow/status' })).toBe('disabled_manually');
  expect(api.calls.map(({ url }) => url)).toEqual([`GET ${path}`]);
});

test.each([
  [401, 'Give a token that is valid: GITHUB_TOKEN has expired, was revoked, or was cut off.'],
  [403, 'Give the job `permissions: actions: write`.'],
  [404, 'Name a file of .github/workflows on the default branch, and give the job `permissions: actions: write`.'],
  [500, 'Nothing has changed; try again. https://www.githubstatus.com says whether GitHub is in trouble.'],
])('where GitHub answers %i, the failure says what to do and holds no token', async (status, fix) => {
  await using api = await github('active');
  api.fault = () => ({ status, message: 'No' });
  const refused = keepWorkflow('probe.yml', { ...api.access, repository: 'meadow/status' }, noTime);
  await expect(refused).rejects.toMatchObject({
    name: 'Failure',
    message: `The schedule of probe.yml in meadow/status cannot be kept. GitHub answered ${status} to GET ${route}: No`,
    fix,
  });
});

test('where nobody listens, the failure says so', async () => {
  const access = { apiUrl: 'http://127.0.0.1:9', repository: 'meadow/status', token: 't0' };
  await expect(keepWorkflow('probe.yml', access, noTime)).rejects.toThrow(
    `The schedule of probe.yml in meadow/status cannot be kept. GitHub cannot be reached for GET ${route}.`,
  );
});
