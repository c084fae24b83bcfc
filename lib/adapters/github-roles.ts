import { GithubAccount, RepositoryPermission } from '../schema/github.ts';
import { type GithubApi, GithubRefusal } from './github-api.ts';

/** The account that the token of `api` belongs to; a refusal where it belongs to none, such as that of a workflow. */
export function tokenAccount(api: GithubApi): Promise<GithubAccount> {
  return api.ask('GET /user', {}, GithubAccount);
}

/**
 * What an account may do in `repository` (`owner/name`). It is looked for by name, as GitHub wants it; a refusal where
 * that name belongs to another account by now. An account that GitHub does not know there has the role `none`.
 */
export async function repositoryPermission(
  api: GithubApi,
  repository: string,
  account: GithubAccount,
): Promise<RepositoryPermission> {
  const [owner, repo] = repository.split('/');
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  const found = await api.ask(route, { owner, repo, username: account.login }, RepositoryPermission);
  if (found.user === null) return { ...found, permission: 'none', role_name: 'none' };
  if (found.user.id === account.id) return found;
  throw new GithubRefusal(`${account.login} is another account by now (${found.user.id}, not ${account.id}).`, {
    fix: 'Nobody may act under a name that was given away: let somebody else approve.',
  });
}
