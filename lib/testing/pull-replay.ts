import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { decideOnPull } from '../../scripts/cli/authorize-pull.ts';
import type { Context } from '../../scripts/cli/context.ts';
import { reviewChange } from '../../scripts/cli/review-change.ts';
import { incidentIn } from '../../scripts/cli/workspace.ts';
import { openSubscriptionStore } from '../adapters/subscriptions/open-subscription-store.ts';
import { filesBelow } from '../adapters/tree.ts';
import { appendUpdate } from '../content/write-incident.ts';
import { formatInstant } from '../schema/instant.ts';
import { candor } from './command-line.ts';
import { type TemporaryRoot, temporaryFolder } from './content-root.ts';
import { githubAccount, githubPermission, startFakeGithub } from './fake-github.ts';
import { githubFile, githubPage, githubPull } from './fake-pull.ts';
import { gitIn } from './git-repository.ts';
import { recordedPullEvent } from './recorded-events.ts';
import { sealedWish } from './subscription-builders.ts';

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

/** A real history in which incidents are cut into steps, as if they were written here. */
export interface RealHistory {
  /** The content root with all of it. */
  readonly folder: string;
  /** So many incidents are replayed, spread over the years, each of four to eight updates. */
  readonly incidents: number;
}

/** The steps of its incidents, in the order in which they happened. */
async function stepsIn({ folder, incidents }: RealHistory): Promise<Step[]> {
  const found: Step[][] = [];
  for (const name of (await readdir(join(folder, 'incidents'))).sort()) {
    const path = `incidents/${name}`;
    const text = (await readFile(join(folder, path), 'utf8')).replace(/^imported_from: .*\n/m, '');
    const { length } = incidentIn(path, text).updates;
    if (length >= 4 && length <= 8) found.push(stepsOf(path, text));
  }
  const chosen = Array.from({ length: incidents }, (_, at) => found[Math.floor((at * found.length) / incidents)] ?? []);
  return chosen.flat().sort((a, b) => a.now.getTime() - b.now.getTime());
}

/** A bare remote with the components of the history and no incident, and the clone in which pull requests are merged. */
async function beginRepository(
  history: string,
  place: TemporaryRoot,
): Promise<{ readonly remote: string; readonly main: string }> {
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

/** What a replay came to. */
export interface Replay {
  readonly pulls: number;
  readonly mails: number;
  /** Files of the page at the end. */
  readonly files: number;
}

/**
 * Replay a real history as pull requests against a bare repository: each step is pushed, judged, reviewed, merged, published
 * to a folder and mailed to a reader. Rejects where a step is refused, somebody hears of anything but it, or the page after the
 * last one is not the page of the end.
 */
export async function replayAsPulls(history: RealHistory): Promise<Replay> {
  await using place = await temporaryFolder();
  const steps = await stepsIn(history);
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`${history.folder} has no incident to replay.`);
  const { remote, main } = await beginRepository(history.folder, place);
  const [published, state, work] = ['public', 'state', 'work'].map((name) => join(place.path, name)) as [
    string,
    string,
    string,
  ];
  gitIn(place.path, 'clone', '-q', remote, work);
  const before = new Date(first.now.getTime() - 60_000);
  const run = async (now: Date, ...args: string[]) => {
    const where = ['--root', main, '--state', state, '--now', formatInstant(now)];
    const { code, stderr } = await candor([...args, ...where]);
    assert.deepEqual({ args, code, stderr }, { args, code: 0, stderr: '' });
  };
  await run(before, 'publish', '--to', published);
  await run(before, 'notify', '--from', published);
  await subscribeAnn(state, before);
  for (const [number, step] of steps.entries()) {
    const head = await pushed(work, step, number);
    await judged(main, step, head, place);
    gitIn(main, 'push', '-q', 'origin', 'HEAD:main');
    await run(step.now, 'publish', '--to', published);
    // Who subscribed hears of this update and of no other.
    await run(step.now, 'notify', '--from', published);
    const mails = await mailsIn(state);
    assert.deepEqual(
      mails.map(({ to }) => to),
      Array(number + 1).fill('ann@example.com'),
    );
    const words = plainWords(newestUpdate(step)?.body ?? '');
    assert.ok(mails.at(-1)?.text.includes(words), `No mail says: ${words}`);
  }
  const end = join(place.path, 'end');
  gitIn(place.path, 'clone', '-q', remote, end);
  const built = join(place.path, 'built');
  const args = ['--root', end, '--state', join(place.path, 'none'), '--now', formatInstant(last.now)];
  assert.equal((await candor(['build', ...args, '--out', built])).code, 0);
  const files = await contentsOf(built);
  assert.deepEqual(await contentsOf(published), files);
  return { pulls: steps.length, mails: steps.length, files: Object.keys(files).length };
}

/** The author's side: a branch with one change, pushed. Resolves to its commit. */
async function pushed(work: string, step: Step, number: number): Promise<string> {
  gitIn(work, 'fetch', '-q', 'origin');
  gitIn(work, 'switch', '-q', '-C', 'change', 'origin/main');
  await mkdir(join(work, 'incidents'), { recursive: true });
  await writeFile(join(work, step.path), step.text);
  gitIn(work, 'add', '.');
  gitIn(work, 'commit', '-q', '-m', `Step ${number}`);
  gitIn(work, 'push', '-q', '--force', 'origin', 'change');
  return gitIn(work, 'rev-parse', 'HEAD');
}

/** The check: the settings of the base decide who may, and the merge is what is judged; it is made in `main`. */
async function judged(main: string, step: Step, head: string, place: TemporaryRoot): Promise<void> {
  const { allowed } = await isAuthorized(main, step, head, place);
  assert.equal(allowed, true);
  gitIn(main, 'fetch', '-q', 'origin');
  gitIn(main, 'merge', '-q', '--no-ff', '-m', 'Merge', 'origin/change');
  const { problems, review } = await reviewChange(contextAt(main, step.now), 'HEAD^1', undefined);
  assert.deepEqual(problems, []);
  const update = newestUpdate(step);
  assert.deepEqual(
    review?.incidents.map(({ updates }) => updates.map(({ state, at }) => `${state} ${at}`)),
    [[update && `${update.state} ${formatInstant(update.at)}`]],
  );
}

function newestUpdate({ path, text }: Step) {
  return incidentIn(path, text).updates.at(-1);
}
