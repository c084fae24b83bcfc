import { z } from 'zod';

/** `owner/name` of a repository on GitHub. */
export const RepositoryName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]{1,100}$/);
export type RepositoryName = z.infer<typeof RepositoryName>;

/** An account: its number stays, also where its name goes to somebody else. */
export const GithubAccount = z.object({ login: z.string().min(1).max(100), id: z.int().positive() });
export type GithubAccount = z.infer<typeof GithubAccount>;

/**
 * What one account may do in one repository: the role by its name, which may be one that an organisation made up, and
 * the old word (`admin`, `write`, `read`, `none`) for what that comes to.
 */
export const RepositoryPermission = z.object({
  permission: z.string(),
  role_name: z.string(),
  user: GithubAccount.nullable(),
});
export type RepositoryPermission = z.infer<typeof RepositoryPermission>;

/** The id of a commit. */
const CommitId = z.string().regex(/^[0-9a-f]{40,64}$/);

/** A pull request as events and answers have it; an account that was deleted is `null`. */
const PullRequest = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  user: GithubAccount.nullable(),
  head: z.object({ sha: CommitId, ref: z.string(), repo: z.object({ full_name: RepositoryName }).nullable() }),
  base: z.object({ ref: z.string(), repo: z.object({ full_name: RepositoryName }) }),
});

/** A pull request as it is when it is asked for, with how many files it changes. */
export const PresentPullRequest = PullRequest.extend({ changed_files: z.int().min(0) });
export type PresentPullRequest = z.infer<typeof PresentPullRequest>;

/** One file of a pull request; a renamed one says what it was called. */
export const PullRequestFile = z.object({
  filename: z.string().min(1),
  previous_filename: z.string().min(1).optional(),
});
export type PullRequestFile = z.infer<typeof PullRequestFile>;

/** One review: what somebody thought of one commit. */
export const PullRequestReview = z.object({
  user: GithubAccount.nullable(),
  state: z.string(),
  commit_id: CommitId.nullable(),
});
export type PullRequestReview = z.infer<typeof PullRequestReview>;

/** Who moved a branch to a commit, as GitHub noted it. */
export const RefActivity = z.object({ after: CommitId, ref: z.string(), actor: GithubAccount.nullable() });
export type RefActivity = z.infer<typeof RefActivity>;

/** What an event about a pull request says, whichever it is. */
export const PullRequestEvent = z.object({
  action: z.string(),
  pull_request: PullRequest,
  repository: z.object({ full_name: RepositoryName }),
  sender: GithubAccount,
  /** In an event about a review alone. */
  review: z.object({ state: z.string() }).optional(),
});
export type PullRequestEvent = z.infer<typeof PullRequestEvent>;
