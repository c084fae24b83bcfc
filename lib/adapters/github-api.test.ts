import { expect, test } from 'vitest';
import { z } from 'zod';
import { githubSelf, startFakeGithub } from '../testing/fake-github.ts';
import { type GithubTiming, openGithubApi } from './github-api.ts';

/** A timing that takes none, and notes how long it was asked to wait. */
function noTime(): GithubTiming & { readonly waits: number[] } {
  const waits: number[] = [];
  return { waits, longestRequestMs: 20_000, sleep: async (ms) => void waits.push(ms) };
}

const Account = z.object({ login: z.string() });
const routes = { 'GET /user': () => githubSelf('ada', 7) };

async function apiOf(github: Awaited<ReturnType<typeof startFakeGithub>>, timing = noTime()) {
  return { timing, api: await openGithubApi(github.access, timing) };
}

test('an answer is read by a schema, and the token is sent along', async () => {
  await using github = await startFakeGithub(routes);
  const { api, timing } = await apiOf(github);
  expect(await api.ask('GET /user', {}, Account)).toEqual({ login: 'ada' });
  expect(github.calls).toEqual([{ route: 'GET /user', url: 'GET /user', token: 't0', body: undefined }]);
  expect(timing.waits).toEqual([]);
});

test('an answer that is not one of GitHub says where', async () => {
  await using github = await startFakeGithub({});
  github.fault = () => ({ status: 200, body: '{"login": 5}' });
  const { api } = await apiOf(github);
  await expect(api.ask('GET /user', {}, Account)).rejects.toMatchObject({
    message: 'The answer to GET /user is not one of GitHub, at login.',
    fix: 'Look whether GITHUB_API_URL is the API of GitHub, or of a GitHub Enterprise Server that is not too old.',
  });
});

test.each([
  [401, 'Give a token that is valid: GITHUB_TOKEN has expired, was revoked, or was cut off.'],
  [
    403,
    'Give the token the right to this, as documented for the command; in a workflow, under `permissions:` of the job.',
  ],
  [404, 'Look at the name of the repository and at what the token may see: GitHub answers 404 for what it hides.'],
  [422, 'Read what GitHub says above, correct it, and try again.'],
  [418, 'Nothing has changed; try again. https://www.githubstatus.com says whether GitHub is in trouble.'],
])('where GitHub answers %i, it is asked once, and the failure says what to do', async (status, fix) => {
  await using github = await startFakeGithub(routes);
  github.fault = () => ({ status, message: 'Not\u202E for you' });
  const { api } = await apiOf(github);
  await expect(api.ask('GET /user', {}, Account)).rejects.toMatchObject({
    name: 'GithubRefusal',
    message: `GitHub answered ${status} to GET /user: Not<U+202E> for you`,
    fix,
    status,
  });
  expect(github.calls.length).toBe(1);
});

test('an answer that says that something has moved is not followed', async () => {
  await using github = await startFakeGithub(routes);
  github.fault = () => ({ status: 301, headers: { location: 'http://127.0.0.1:9/elsewhere' } });
  const { api } = await apiOf(github);
  await expect(api.ask('GET /user', {}, Account)).rejects.toThrow('GitHub answered 301 to GET /user: this has moved.');
  expect(github.calls.length).toBe(1);
});

const date = 'Fri, 20 Nov 2026 10:00:00 GMT';
const at = Date.parse(date) / 1000;

test.each([
  ['a limit with seconds', { status: 429, headers: { 'retry-after': '7' } }, 7000],
  ['a limit with a date', { status: 429, headers: { date, 'retry-after': 'Fri, 20 Nov 2026 10:00:09 GMT' } }, 9000],
  ['a second limit', { status: 403, headers: { 'retry-after': '3' } }, 3000],
  [
    'a limit that ends at an instant',
    { status: 403, headers: { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(at + 20) } },
    21_000,
  ],
  ['a limit that says nothing more', { status: 429 }, 1000],
  ['trouble', { status: 502 }, 1000],
  ['a connection that ends', 'broken' as const, 1000],
])('after %s it is asked again, and not before it is time', async (_what, fault, waitMs) => {
  await using github = await startFakeGithub(routes);
  github.fault = (_call, number) => (number === 1 ? fault : undefined);
  const { api, timing } = await apiOf(github);
  expect(await api.ask('GET /user', {}, Account)).toEqual({ login: 'ada' });
  expect(timing.waits).toEqual([waitMs]);
});

test('trouble that does not pass is told after four attempts', async () => {
  await using github = await startFakeGithub(routes);
  github.fault = () => ({ status: 503, message: 'Unicorn' });
  const { api, timing } = await apiOf(github);
  await expect(api.ask('GET /user', {}, Account)).rejects.toThrow('GitHub answered 503 to GET /user: Unicorn');
  expect(timing.waits).toEqual([1000, 2000, 4000]);
});

test('where GitHub asks for more patience than anybody has, that is told', async () => {
  await using github = await startFakeGithub(routes);
  github.fault = () => ({ status: 429, headers: { 'retry-after': '3600' }, message: 'Slow down' });
  const { api, timing } = await apiOf(github);
  await expect(api.ask('GET /user', {}, Account)).rejects.toMatchObject({
    message: 'GitHub answered 429 to GET /user: Slow down',
    fix: 'GitHub asks to wait 3600 s, which is longer than is waited here. Try again after that.',
  });
  expect(timing.waits).toEqual([]);
});

const label = { id: 1, node_id: 'x', url: 'https://x.example', name: 'incident', color: 'f29513' };
const labels = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
const onPull = { owner: 'meadow', repo: 'status', issue_number: 3, labels: ['incident'] };

test('what may have been done is not done again, and what was refused for its number is', async () => {
  await using github = await startFakeGithub({
    [labels]: () => [{ ...label, description: null, default: false }],
  });
  const { api, timing } = await apiOf(github);
  const Labels = z.array(z.object({ name: z.string() }));
  github.fault = () => ({ status: 502 });
  await expect(api.ask(labels, onPull, Labels)).rejects.toThrow(`GitHub answered 502 to ${labels}`);
  expect(github.calls.length).toBe(1);
  github.fault = (_call, number) => (number === 2 ? { status: 429 } : undefined);
  expect(await api.ask(labels, onPull, Labels)).toEqual([{ name: 'incident' }]);
  expect(github.calls.at(-1)?.body).toEqual({ labels: ['incident'] });
  expect(timing.waits).toEqual([1000]);
});

test('an answer that does not come is given up', async () => {
  await using github = await startFakeGithub(routes);
  github.fault = () => 'silent';
  const { api, timing } = await apiOf(github, { ...noTime(), longestRequestMs: 20 });
  await expect(api.ask('GET /user', {}, Account)).rejects.toMatchObject({
    message: 'GitHub cannot be reached for GET /user.',
    fix: 'Look at the network and at GITHUB_API_URL, then try again.',
    status: undefined,
  });
  expect(timing.waits).toEqual([1000, 2000, 4000]);
});

test('lists are read page by page, and not without an end', async () => {
  const events = 'GET /repos/{owner}/{repo}/issues/{issue_number}/labels';
  await using github = await startFakeGithub({
    [events]: (_places, { query }) => {
      const page = Number(query.get('page'));
      const count = page < 3 ? 100 : 5;
      return Array.from({ length: count }, (_, index) => ({
        ...label,
        name: `l${(page - 1) * 100 + index}`,
        description: null,
        default: false,
      }));
    },
  });
  const { api } = await apiOf(github);
  const Label = z.object({ name: z.string() });
  const place = { owner: 'meadow', repo: 'status', issue_number: 3 };
  const found = await api.all(events, place, Label, 300);
  expect(found.map(({ name }) => name)).toEqual(Array.from({ length: 205 }, (_, index) => `l${index}`));
  await expect(api.all(events, place, Label, 150)).rejects.toThrow(`There are more than 150 answers to ${events}.`);
});

test('the stand-in holds every request against the description of GitHub', async () => {
  const github = await startFakeGithub({ [labels]: () => [] });
  const { api } = await apiOf(github);
  await api.ask(labels, { ...onPull, labels: [] }, z.unknown());
  await api.ask('GET /user', { nmae: 'x' }, z.unknown()).catch(() => undefined);
  await expect(async () => github[Symbol.asyncDispose]()).rejects.toThrow(
    /labels: body\/labels must NOT have fewer than 1 items[\s\S]*query nmae is not described/,
  );
});
