import { GithubRefusal, openGithubApi } from '../../lib/adapters/github-api.ts';
import {
  mostFiles,
  permissionsOf,
  presentPull,
  pullFiles,
  pullReviews,
  pusherOf,
} from '../../lib/adapters/github-pull.ts';
import { approversOf, authorize, type Verdict } from '../../lib/policy/authorization.ts';
import { judgePaths } from '../../lib/policy/changed-paths.ts';
import type { PresentPullRequest, PullRequestEvent } from '../../lib/schema/github.ts';
import type { Context } from './context.ts';
import { repositoryAccess } from './github-access.ts';
import { readEvent } from './github-event.ts';
import { pageSettings } from './page-settings.ts';
import { repositoryPrefix } from './repository-prefix.ts';

/** A verdict, and the exit code where it is a denial: 3 where GitHub did not say what has to be known. */
type Decided = Extract<Verdict, { allowed: true }> | (Extract<Verdict, { allowed: false }> & { readonly code: 1 | 3 });

/**
 * Decide whether the pull request of an event may be merged, by the settings of the root, which is the base branch and never
 * what is judged. Whatever GitHub does not say is no reason to allow anything.
 */
export async function decideOnPull(context: Context, eventFile: string | undefined): Promise<Decided> {
  try {
    const verdict = await authorizePull(context, eventFile);
    return verdict.allowed ? verdict : { ...verdict, code: 1 };
  } catch (error) {
    if (!(error instanceof GithubRefusal)) throw error;
    return { allowed: false, reason: `It could not be decided. ${error.message}`, fix: error.fix, code: 3 };
  }
}

async function authorizePull(context: Context, eventFile: string | undefined): Promise<Verdict> {
  const event = readEvent(context, eventFile);
  if (!('pull_request' in event)) return { allowed: false, ...event };
  const repository = event.repository.full_name;
  const api = await openGithubApi(repositoryAccess({ ...context.env, GITHUB_REPOSITORY: repository }));
  const place = { repository, number: event.pull_request.number };
  const present = await presentPull(api, place);
  const outdated = differences(event, present);
  if (outdated !== undefined) return outdated;
  const files = await pullFiles(api, place);
  const reviews = await pullReviews(api, place);
  const unseen = unseenFiles(present.changed_files, files.length) ?? differences(event, await presentPull(api, place));
  if (unseen !== undefined) return unseen;
  const path = repositoryPrefix(context);
  const paths = judgePaths(files, path === '' ? '' : `${path}/`);
  if ('reason' in paths) return { allowed: false, ...paths };
  if (!paths.needsRight) return { allowed: true, reason: 'Nothing that it changes needs MANAGE_STATUS.' };
  const people = {
    author: present.user ?? undefined,
    pusher: await pusherOf(api, event),
    head: present.head.sha,
    reviews,
  };
  const asked = [...(present.user === null ? [] : [present.user]), ...approversOf(people)];
  return authorize(people, await permissionsOf(api, repository, asked), rolesOf(context));
}

/** Settings that cannot be read give nobody more than the default does. */
function rolesOf(context: Context): readonly string[] {
  return pageSettings(context)?.manage_status_roles ?? ['admin'];
}

/** What happened since the event, where it makes the run for it worthless. */
function differences({ pull_request: told }: PullRequestEvent, present: PresentPullRequest): Verdict | undefined {
  const { state, head, base, user } = present;
  if (state !== 'open')
    return { allowed: false, reason: 'The pull request is closed.', fix: 'Open it again, or open a new one.' };
  if (head.sha === told.head.sha && base.ref === told.base.ref && user?.id === told.user?.id) return undefined;
  return {
    allowed: false,
    reason: `The pull request has changed since: its newest commit is ${head.sha.slice(0, 10)}, and this run is for ${told.head.sha.slice(0, 10)}.`,
    fix: 'Go by the run for its newest commit; where there is none, push again.',
  };
}

function unseenFiles(changed: number, listed: number): Verdict | undefined {
  if (changed === listed && listed < mostFiles) return undefined;
  return {
    allowed: false,
    reason: `It changes ${changed} files, of which GitHub shows ${listed}; nobody can judge what is not shown.`,
    fix: `Make several pull requests of it, each of fewer than ${mostFiles} files.`,
  };
}
