import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { githubAccount, githubPermission, startFakeGithub } from '../lib/testing/fake-github.ts';
import { githubFile, githubPull } from '../lib/testing/fake-pull.ts';
import { recordedPullEvent } from '../lib/testing/recorded-events.ts';
import { madeContentNow, writeContent } from './gen-content.ts';
import { type Measure, measure, median, table } from './measure.ts';

const candor = join(import.meta.dirname, '..', 'scripts', 'candor.ts');
const now = ['--now', madeContentNow];
const path = 'incidents/2026-11-01-card-payments.md';
const text = `---
title: Card payments are failing for some merchants
published: true
impact: major
components:
  payments: partial_outage
state: investigating
started_at: 2026-11-01T23:50:00Z
---

## investigating 2026-11-01T23:55:00Z

We are looking into card payments that fail for some merchants.
`;

/** `candor check --base` of many incidents of which one changed, beside a check of them all. Returns what to print. */
export async function benchCheckBase(folder: string, incidents: number, rounds: number): Promise<string> {
  const root = join(folder, `changed-${incidents}`);
  writeContent(root, { incidents, seed: 7 });
  begin(root);
  writeFileSync(join(root, path), text);
  const whole: Measure[] = [];
  const since: Measure[] = [];
  for (let round = 0; round < rounds; round++) {
    whole.push(await measure([candor, 'check', '--root', root, ...now]));
    since.push(await measure([candor, 'check', '--root', root, '--base', 'HEAD', ...now]));
  }
  const ratio = median(since.map(({ seconds }, round) => seconds / (whole[round]?.seconds ?? Number.NaN)));
  return table([
    [`check of ${incidents.toLocaleString('en')}, one changed`, 'seconds', 'CPU s', 'of all'],
    ['all', ...figures(whole), '1.00'],
    ['--base', ...figures(since), ratio.toFixed(2)],
  ]);
}

/**
 * From the push of an incident to the finished summary, stage by stage as the workflow does it, without the start of a
 * runner and without its install. Returns what to print.
 */
export async function benchPullRequest(folder: string, incidents: number, rounds: number): Promise<string> {
  const results: Record<string, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    results.push(await onePullRequest(join(folder, `pull-${incidents}-${round}`), incidents));
  }
  const stages = Object.keys(results[0] ?? {});
  const rows = stages.map((stage) => [stage, median(results.map((one) => one[stage] ?? Number.NaN)).toFixed(2)]);
  return table([[`pull request, ${incidents.toLocaleString('en')} incidents`, 'seconds'], ...rows]);
}

async function onePullRequest(folder: string, incidents: number): Promise<Record<string, number>> {
  const [content, remote] = [join(folder, 'content'), join(folder, 'remote.git')];
  mkdirSync(folder, { recursive: true });
  writeContent(content, { incidents, seed: 7 });
  begin(content);
  git(folder, 'clone', '-q', '--bare', content, remote);
  git(content, 'remote', 'add', 'origin', remote);
  git(content, 'switch', '-q', '-c', 'change');
  writeFileSync(join(content, path), text);
  git(content, 'add', '.');
  git(content, 'commit', '-q', '-m', 'incident');
  const [base, judged] = [join(folder, 'base'), join(folder, 'judged')];
  const stages = {
    push: await timed(() => git(content, 'push', '-q', 'origin', 'change')),
    // GitHub makes the merge; that is not counted.
    checkouts: await merged(content).then(() =>
      timed(() => {
        git(folder, 'clone', '-q', '--depth', '1', '--branch', 'main', `file://${remote}`, base);
        git(folder, 'clone', '-q', '--depth', '2', '--branch', 'merge', `file://${remote}`, judged);
      }),
    ),
    review: await timed(() => review(judged, join(folder, 'summary.md'))),
    authorize: await timed(() => authorize(base, git(content, 'rev-parse', 'change'), folder)),
  };
  return { ...stages, 'all of it': Object.values(stages).reduce((sum, one) => sum + one, 0) };
}

async function merged(content: string): Promise<void> {
  git(content, 'switch', '-q', '-c', 'merge', 'main');
  git(content, 'merge', '-q', '--no-ff', '-m', 'Merge', 'change');
  git(content, 'push', '-q', 'origin', 'merge');
}

function review(root: string, summary: string): Promise<unknown> {
  const args = [candor, 'review', '--root', root, '--base', 'HEAD^1', '--format', 'github', ...now];
  return measure(args, { GITHUB_STEP_SUMMARY: summary });
}

async function authorize(root: string, head: string, folder: string): Promise<void> {
  const author = { login: 'ada', id: 1 };
  const facts = { headRef: 'change', baseRef: 'main', changedFiles: 1 };
  const pull = githubPull({ number: 1, author, repository: 'meadow/status', head, ...facts });
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  await using github = await startFakeGithub({
    [route]: () => pull,
    [`${route}/files`]: () => [githubFile(path, 0)],
    [`${route}/reviews`]: () => [],
    'GET /repos/{owner}/{repo}/collaborators/{username}/permission': () => githubPermission('ada', 1, 'admin', 'admin'),
  });
  const event = { ...recordedPullEvent('pull_request', 'opened'), pull_request: pull };
  const about = { sender: githubAccount('ada', 1), repository: { full_name: 'meadow/status' } };
  writeFileSync(join(folder, 'event.json'), JSON.stringify({ ...event, ...about }));
  await measure([candor, 'authorize', '--root', root, '--event', join(folder, 'event.json')], {
    GITHUB_API_URL: github.access.apiUrl,
    GITHUB_TOKEN: github.access.token,
  });
}

function begin(root: string): void {
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'begin');
}

function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function figures(results: readonly Measure[]): string[] {
  return [
    median(results.map(({ seconds }) => seconds)).toFixed(2),
    median(results.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN)).toFixed(2),
  ];
}
