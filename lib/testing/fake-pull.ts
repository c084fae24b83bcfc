import { githubAccount } from './fake-github.ts';
import { recordedPullEvent } from './recorded-events.ts';

/** What a test says of a pull request; the rest of it is that of a real one. */
export interface PullFacts {
  readonly number: number;
  readonly author: { readonly login: string; readonly id: number };
  readonly repository: string;
  readonly head: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly changedFiles: number;
}

/** A pull request as GitHub answers it. */
export function githubPull({ number, author, repository, head, headRef, baseRef, changedFiles }: PullFacts) {
  const { pull_request: recorded } = recordedPullEvent('pull_request', 'opened');
  const user = githubAccount(author.login, author.id);
  const repo = { ...Object(recorded['base']).repo, full_name: repository };
  const side = (sha: string, ref: string) => ({ label: `${author.login}:${ref}`, sha, ref, user, repo });
  return {
    ...recorded,
    number,
    user,
    html_url: `https://github.com/${repository}/pull/${number}`,
    head: side(head, headRef),
    base: side('0'.repeat(40), baseRef),
    changed_files: changedFiles,
    auto_merge: null,
  };
}

/** A file of a pull request as GitHub answers it. */
export function githubFile(filename: string, index: number) {
  const url = 'https://github.com/x/y';
  const counts = { additions: 1, deletions: 0, changes: 1 };
  const sha = String(index).padStart(40, '0');
  return { filename, sha, status: 'modified', ...counts, blob_url: url, raw_url: url, contents_url: url };
}

/** A review as GitHub answers it. */
export function githubReview(account: { login: string; id: number }, state: string, commit: string, index: number) {
  const href = 'https://github.com/x/y';
  return {
    id: index + 1,
    node_id: `R_${index}`,
    user: githubAccount(account.login, account.id),
    body: '',
    state,
    html_url: href,
    pull_request_url: href,
    _links: { html: { href }, pull_request: { href } },
    submitted_at: '2026-11-20T10:00:00Z',
    commit_id: commit,
    author_association: 'MEMBER',
  };
}

/** The part of a list that a request for a page of a hundred gets. */
export function githubPage<T>(items: readonly T[], query: URLSearchParams): T[] {
  const from = (Number(query.get('page')) - 1) * 100;
  return items.slice(from, from + 100);
}
