import type { GithubAccess } from '../../lib/adapters/github-api.ts';
import { RepositoryName } from '../../lib/schema/github.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';

/** Which repository on GitHub is meant, and how it is asked. */
export interface RepositoryAccess extends GithubAccess {
  /** `owner/name`. */
  readonly repository: string;
}

/** What the environment of a workflow says of its repository; an error that names everything that is missing. */
export function repositoryAccess(env: Context['env']): RepositoryAccess {
  const { GITHUB_TOKEN: token = '', GITHUB_REPOSITORY: repository = '', GITHUB_API_URL: apiUrl } = env;
  const missing = [
    ...(token === '' ? ['GITHUB_TOKEN'] : []),
    ...(RepositoryName.safeParse(repository).success ? [] : ['GITHUB_REPOSITORY (owner/name)']),
  ];
  if (missing.length > 0) {
    throw new UsageError(
      `The environment lacks ${missing.join(' and ')}.`,
      'In a workflow, give the step `GITHUB_TOKEN` from `github.token`; GitHub sets the others.',
    );
  }
  return { token, repository, apiUrl: apiUrl || publicApi };
}

/** The API of github.com. */
export const publicApi = 'https://api.github.com';
