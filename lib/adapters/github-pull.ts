import type { Pusher } from '../policy/authorization.ts';
import {
  type GithubAccount,
  PresentPullRequest,
  type PullRequestEvent,
  PullRequestFile,
  PullRequestReview,
  RefActivity,
  type RepositoryPermission,
} from '../schema/github.ts';
import { type GithubApi, GithubRefusal } from './github-api.ts';
import { repositoryPermission } from './github-roles.ts';

/** As many files of a pull request as GitHub lists. */
export const mostFiles = 3000;
const mostReviews = 10_000;

/** Where a pull request is, by its repository (`owner/name`) and number. */
export interface PullPlace {
  readonly repository: string;
  readonly number: number;
}

/** A pull request as it is now. */
export function presentPull(api: GithubApi, place: PullPlace): Promise<PresentPullRequest> {
  return api.ask('GET /repos/{owner}/{repo}/pulls/{pull_number}', parametersOf(place), PresentPullRequest);
}

/** Every file that a pull request changes; a refusal where GitHub does not list them all. */
export function pullFiles(api: GithubApi, place: PullPlace): Promise<PullRequestFile[]> {
  return api.all(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
    parametersOf(place),
    PullRequestFile,
    mostFiles,
  );
}

/** Every review of a pull request, oldest first. */
export function pullReviews(api: GithubApi, place: PullPlace): Promise<PullRequestReview[]> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
  return api.all(route, parametersOf(place), PullRequestReview, mostReviews);
}

/**
 * Who pushed the newest commit. The event of a push says it; else GitHub's record of the branch does, of which only the
 * newest hundred entries are asked for. Whatever cannot be seen is unknown.
 */
export async function pusherOf(api: GithubApi, event: PullRequestEvent): Promise<Pusher> {
  const { action, sender, pull_request: pull } = event;
  const isAuthor = ({ id }: GithubAccount) => (id === pull.user?.id ? 'author' : 'somebody else');
  if (event.review === undefined && (action === 'opened' || action === 'synchronize')) return isAuthor(sender);
  const { repo, ref, sha } = pull.head;
  if (repo === null) return 'unknown';
  const place = { ...ownerAndName(repo.full_name), ref: `refs/heads/${ref}`, per_page: 100 };
  try {
    const entries = await api.ask('GET /repos/{owner}/{repo}/activity', place, RefActivity.array());
    const actor = entries.find(({ after }) => after === sha)?.actor;
    return actor === undefined || actor === null ? 'unknown' : isAuthor(actor);
  } catch (error) {
    if (error instanceof GithubRefusal && (error.status === 403 || error.status === 404)) return 'unknown';
    throw error;
  }
}

/** What each of these accounts may do in the repository, by number; one that GitHub does not know there is left out. */
export async function permissionsOf(
  api: GithubApi,
  repository: string,
  accounts: readonly GithubAccount[],
): Promise<Map<number, RepositoryPermission>> {
  const permissions = new Map<number, RepositoryPermission>();
  for (const account of accounts) {
    const permission = await permissionOrNone(api, repository, account);
    if (permission !== undefined) permissions.set(account.id, permission);
  }
  return permissions;
}

async function permissionOrNone(
  api: GithubApi,
  repository: string,
  account: GithubAccount,
): Promise<RepositoryPermission | undefined> {
  try {
    return await repositoryPermission(api, repository, account);
  } catch (error) {
    if (error instanceof GithubRefusal && error.status === 404) return undefined;
    throw error;
  }
}

function parametersOf({ repository, number }: PullPlace) {
  return { ...ownerAndName(repository), pull_number: number };
}

/** The two parts of `owner/name`, as routes name them. */
export function ownerAndName(repository: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}
