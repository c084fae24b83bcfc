import type { GithubAccount, PullRequestReview, RepositoryPermission } from '../schema/github.ts';
import { holdsManageStatus } from './manage-status.ts';

/** Who pushed the newest commit: GitHub's own record of it, or that there is none to see. */
export type Pusher = 'author' | 'somebody else' | 'unknown';

/** The people of a pull request that needs MANAGE_STATUS. */
export interface PullRequestPeople {
  /** `undefined` where the account is gone. */
  readonly author: GithubAccount | undefined;
  readonly pusher: Pusher;
  /** The newest commit. */
  readonly head: string;
  /** Oldest first, as GitHub lists them. */
  readonly reviews: readonly PullRequestReview[];
}

/** Whether a change may be merged, and why; where it may not, what helps. */
export type Verdict =
  | { readonly allowed: true; readonly reason: string }
  | { readonly allowed: false; readonly reason: string; readonly fix: string };

/**
 * Those whose last word on the pull request approves its newest commit: not the author, nobody whose approval is of an
 * older commit, was dismissed, or was followed by a request for changes. A comment takes nothing back.
 */
export function approversOf({ author, head, reviews }: PullRequestPeople): GithubAccount[] {
  const last = new Map<number, PullRequestReview>();
  for (const review of reviews) {
    if (review.user !== null && opinions.has(review.state.toUpperCase())) last.set(review.user.id, review);
  }
  return [...last.values()].flatMap(({ user, state, commit_id: commit }) => {
    const counts = user !== null && user.id !== author?.id && state.toUpperCase() === 'APPROVED' && commit === head;
    return counts ? [user] : [];
  });
}

const opinions = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

/**
 * Decide on a change that needs MANAGE_STATUS: its author holds it and pushed the newest commit, or somebody who approves
 * that commit holds it. `permissions` are by the number of the account; whoever is not in it has none.
 */
export function authorize(
  people: PullRequestPeople,
  permissions: ReadonlyMap<number, RepositoryPermission>,
  roles: readonly string[],
): Verdict {
  const holds = (account: GithubAccount) => {
    const permission = permissions.get(account.id);
    return permission !== undefined && holdsManageStatus(permission, roles);
  };
  const { author, pusher } = people;
  const roleOf = ({ id }: GithubAccount) => permissions.get(id)?.role_name ?? 'none';
  const approver = approversOf(people).find(holds);
  if (approver !== undefined) {
    return {
      allowed: true,
      reason: `${approver.login} holds MANAGE_STATUS (${roleOf(approver)}) and approves the newest commit.`,
    };
  }
  if (author === undefined || !holds(author)) return denied(people, roleOf, roles);
  if (pusher === 'author') {
    return {
      allowed: true,
      reason: `${author.login} holds MANAGE_STATUS (${roleOf(author)}) and wrote the newest commit.`,
    };
  }
  const who =
    pusher === 'unknown' ? 'it cannot be seen who pushed the newest commit' : 'somebody else pushed the newest commit';
  return {
    allowed: false,
    reason: `${author.login}, who opened this, holds MANAGE_STATUS, but ${who}.`,
    fix: `Let somebody who holds MANAGE_STATUS (${roles.join(' or ')}) approve the newest commit, or let ${author.login} push.`,
  };
}

function denied(
  people: PullRequestPeople,
  roleOf: (account: GithubAccount) => string,
  roles: readonly string[],
): Verdict {
  const { author } = people;
  const approvers = approversOf(people);
  const named = [
    author === undefined
      ? 'the account of its author is gone'
      : `${author.login}, who wrote it, has the role ${roleOf(author) || 'none'}`,
    ...approvers.map((one) => `${one.login}, who approves it, has the role ${roleOf(one) || 'none'}`),
    ...(approvers.length === 0 ? ['nobody approves its newest commit'] : []),
  ];
  return {
    allowed: false,
    reason: `This changes what the public reads, and nobody who holds MANAGE_STATUS (${roles.join(' or ')}) stands for it: ${named.join('; ')}.`,
    fix: `Ask somebody with the role ${roles.join(' or ')} to approve the newest commit; this check runs again then. Approvals of older commits do not count.`,
  };
}
