import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { openSubscriptionStore } from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { appendUpdate } from '../../lib/content/write-incident.ts';
import { formatInstant } from '../../lib/schema/instant.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryFolder } from '../../lib/testing/content-root.ts';
import { githubAccount, githubPermission, startFakeGithub } from '../../lib/testing/fake-github.ts';
import { githubFile, githubPage, githubPull } from '../../lib/testing/fake-pull.ts';
import { gitIn } from '../../lib/testing/git-repository.ts';
import { recordedPullEvent } from '../../lib/testing/recorded-events.ts';
import { sealedWish } from '../../lib/testing/subscription-builders.ts';
import { decideOnPull } from './authorize-pull.ts';
import type { Context } from './context.ts';
import { reviewChange } from './review-change.ts';
import { incidentIn } from './workspace.ts';

const corpora = process.env['CANDOR_CORPORA'];
const history = join(corpora ?? '.', '../real/github-status');
const author = { login: 'ada', id: 1 };
const repository = 'meadow/status';

/** One pull request of a replay: the file as it leaves it, and the instant at which its check runs. */
interface Step {
  readonly path: string;
  readonly text: string;
  readonly now: Date;
}

/** The last states of an incident; those before them are `investigating`. The history itself skips some, which only it may. */
const lastStates = ['identified', 'monitoring', 'resolved'] as const;

/** The states that an incident's file went through, one update a step. */
function stepsOf(path: string, whole: string): Step[] {
  const { updates } = incidentIn(path, whole);
  let text = whole.slice(0, whole.indexOf('\n## ') + 1).replace(/^resolved_at: .*\n/m, '');
  return updates.map((update, index) => {
    const state = lastStates[index - updates.length + lastStates.length] ?? 'investigating';
    text = appendUpdate(text, { ...update, state });
    return { path, text, now: new Date(update.at.getTime() + 5000) };
  });
}

/** Incidents of a real history with five updates, oldest first, as if they were written here. */
async function realIncidents(count: number): Promise<Step[][]> {
  const found: Step[][] = [];
  for (const name of (await readdir(join(history, 'incidents'))).sort()) {
    const path = `incidents/${name}`;
    const text = (await readFile(join(history, path), 'utf8')).replace(/^imported_from: .*\n/m, '');
    const { length } = incidentIn(path, text).updates;
    if (length === 5) found.push(stepsOf(path, text));
    if (found.length === count) break;
  }
  return found;
}

/** A bare remote with the components of the history and no incident, and the clone in which pull requests are merged. */
async function beginRepository(place: TemporaryRoot): Promise<{ readonly remote: string; readonly main: string }> {
  const [remote, main] = [join(place.path, 'remote.git'), join(place.path, 'main')];
  gitIn(place.path, 'init', '-q', '--bare', '-b', 'main', remote);
  gitIn(place.path, 'clone', '-q', remote, main);
  for (const part of ['components', 'status.config.yml']) {
    await cp(join(history, part), join(main, part), { recursive: true });
  }
  gitIn(main, 'switch', '-q', '-c', 'main');
  gitIn(main, 'add', '.');
  gitIn(main, 'commit', '-q', '-m', 'Begin');
  gitIn(main, 'push', '-q', 'origin', 'main');
  return { remote, main };
}

function contextAt(root: string, now: Date, env: Context['env'] = {}): Context {
  return {
    root,
    state: join(root, '.state'),
    now: () => now,
    isRehearsal: true,
    format: 'text',
    debug: false,
    interactive: false,
    env,
  };
}

/** Whether the pull request of this commit may be merged, by a GitHub in which its author is an admin. */
async function isAuthorized(base: string, step: Step, head: string, place: TemporaryRoot) {
  const pull = githubPull({
    number: 1,
    author: githubAccount(author.login, author.id),
    repository,
    head,
    headRef: 'change',
    baseRef: 'main',
    changedFiles: 1,
  });
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  await using github = await startFakeGithub({
    [route]: () => pull,
    [`${route}/files`]: (_places, { query }) => githubPage([githubFile(step.path, 0)], query),
    [`${route}/reviews`]: () => [],
    'GET /repos/{owner}/{repo}/collaborators/{username}/permission': () =>
      githubPermission(author.login, author.id, 'admin', 'admin'),
  });
  const event = { ...recordedPullEvent('pull_request', 'synchronize'), pull_request: pull, sender: author };
  await place.write('event.json', JSON.stringify({ ...event, repository: { full_name: repository } }));
  const env = { GITHUB_API_URL: github.access.apiUrl, GITHUB_TOKEN: 't0', GITHUB_WORKSPACE: base };
  return await decideOnPull(contextAt(base, step.now, env), join(place.path, 'event.json'));
}

/** Every file below a folder but those of publishers, by path. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const paths = (await filesBelow(folder)).filter((path) => !path.startsWith('.candor/'));
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'latin1')));
  return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? '']));
}

/** Ann subscribes to everything, and confirms. */
async function subscribeAnn(state: string, at: Date): Promise<void> {
  const { store, keys } = await openSubscriptionStore({ folder: join(state, 'subscribers') });
  const wish = sealedWish(keys, 'ann@example.com', { at: formatInstant(at) });
  await store.subscribe(wish);
  await store.addConfirmation(wish.id, { key: 'ann', expiresAt: new Date(at.getTime() + 60_000) });
  await store.confirm('ann', at);
  await store.close();
}

/** The mails that were written, oldest first. */
async function mailsIn(state: string) {
  const names = (await readdir(join(state, 'mail'))).filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const { to, text } = await simpleParser(await readFile(join(state, 'mail', name)));
      return { to: to === undefined || Array.isArray(to) ? undefined : to.text, text: plainWords(text ?? '') };
    }),
  );
}

/** The words of a text, whatever its lines. */
function plainWords(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

test.skipIf(corpora === undefined)(
  'a real history, replayed as pull requests, ends in the page of its end (CANDOR_CORPORA)',
  async () => {
    await using place = await temporaryFolder();
    const { remote, main } = await beginRepository(place);
    const steps = (await realIncidents(1)).flat();
    expect(steps.length).toBe(5);
    const published = join(place.path, 'public');
    const state = join(place.path, 'state');
    const work = join(place.path, 'work');
    gitIn(place.path, 'clone', '-q', remote, work);
    const before = new Date((steps[0]?.now.getTime() ?? 0) - 60_000);
    const calm = ['--root', main, '--state', state, '--now', formatInstant(before)];
    expect(await candor(['publish', ...calm, '--to', published])).toMatchObject({ code: 0, stderr: '' });
    expect(await candor(['notify', ...calm, '--from', published])).toMatchObject({ code: 0, stderr: '' });
    await subscribeAnn(state, before);
    for (const [number, step] of steps.entries()) {
      // The author's side: a branch with one change, pushed.
      gitIn(work, 'fetch', '-q', 'origin');
      gitIn(work, 'switch', '-q', '-C', 'change', 'origin/main');
      await mkdir(join(work, 'incidents'), { recursive: true });
      await writeFile(join(work, step.path), step.text);
      gitIn(work, 'add', '.');
      gitIn(work, 'commit', '-q', '-m', `Step ${number}`);
      gitIn(work, 'push', '-q', '--force', 'origin', 'change');

      // The check: the settings of the base decide who may, and the merge is what is judged.
      const head = gitIn(work, 'rev-parse', 'HEAD');
      expect(await isAuthorized(main, step, head, place)).toMatchObject({ allowed: true });
      gitIn(main, 'fetch', '-q', 'origin');
      gitIn(main, 'merge', '-q', '--no-ff', '-m', 'Merge', 'origin/change');
      const review = await reviewChange(contextAt(main, step.now), 'HEAD^1', undefined);
      expect(review.problems).toEqual([]);
      const [incident, ...others] = review.review?.incidents ?? [];
      const update = incidentIn(step.path, step.text).updates.at(-1);
      expect(others).toEqual([]);
      expect(incident?.updates.map(({ state, at }) => `${state} ${at}`)).toEqual([
        update && `${update.state} ${formatInstant(update.at)}`,
      ]);

      // The merge, and what it publishes.
      gitIn(main, 'push', '-q', 'origin', 'HEAD:main');
      const now = ['--root', main, '--state', state, '--now', formatInstant(step.now)];
      expect(await candor(['publish', ...now, '--to', published])).toMatchObject({ code: 0, stderr: '' });

      // Who subscribed hears of this update and of no other.
      expect(await candor(['notify', ...now, '--from', published])).toMatchObject({ code: 0, stderr: '' });
      const mails = await mailsIn(state);
      expect(mails.map(({ to }) => to)).toEqual(Array(number + 1).fill('ann@example.com'));
      expect(mails.at(-1)?.text).toContain(plainWords(update?.body ?? ''));
    }
    const now = formatInstant(steps.at(-1)?.now ?? new Date(0));
    const end = join(place.path, 'end');
    gitIn(place.path, 'clone', '-q', remote, end);
    const built = join(place.path, 'built');
    const args = ['--root', end, '--state', join(place.path, 'none'), '--now', now];
    expect(await candor(['build', ...args, '--out', built])).toMatchObject({ code: 0 });
    expect(await contentsOf(published)).toEqual(await contentsOf(built));
  },
  300_000,
);
