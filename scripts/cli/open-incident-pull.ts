import { Failure } from '../../lib/adapters/failure.ts';
import { type ProposalTarget, remoteAddress } from '../../lib/adapters/git-proposal.ts';
import { openGithubApi } from '../../lib/adapters/github-api.ts';
import { githubCliToken } from '../../lib/adapters/github-cli.ts';
import { openPull } from '../../lib/adapters/github-proposal.ts';
import { proposalBody } from '../../lib/content/proposal-text.ts';
import { RepositoryName } from '../../lib/schema/github.ts';
import type { Context } from './context.ts';
import { publicApi } from './github-access.ts';
import type { ProposalPlan } from './propose-incident.ts';

/** Where a pull request is opened, as far as it is known. */
interface PullAccess {
  /** `owner/name`; `undefined` where the remote is not on a GitHub that is known. */
  readonly repository: string | undefined;
  readonly host: string;
  readonly apiUrl: string;
}

/** By the environment of a workflow where there is one, else by the address of the remote. */
export async function pullAccess({ root, env }: Context, target: ProposalTarget): Promise<PullAccess> {
  const address = (await remoteAddress(root, target)) ?? '';
  const [, host = 'github.com', path = ''] =
    /^(?:https?:\/\/|ssh:\/\/|git:\/\/)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/.exec(address) ?? [];
  const named = RepositoryName.safeParse(env['GITHUB_REPOSITORY'] ?? path);
  const apiUrl = env['GITHUB_API_URL'] ?? (host === 'github.com' ? publicApi : `https://${host}/api/v3`);
  return { repository: named.data, host, apiUrl };
}

/** Open the pull request of a branch that was pushed, and say where it is. */
export async function openIncidentPull(context: Context, plan: ProposalPlan): Promise<void> {
  const { branch, subject, target, incident } = plan;
  const { repository, host, apiUrl } = await pullAccess(context, target);
  const token = tokenIn(context.env) ?? (await githubCliToken(host, context.env));
  if (repository === undefined || token === undefined) throw byHand(plan, repository, host);
  const api = await openGithubApi({ apiUrl, token });
  const { baseBranch } = target;
  const labels = ['incident', incident.state];
  const text = { title: subject, body: proposalBody(incident), labels };
  const pull = await openPull(api, { repository, branch, baseBranch, ...text });
  if (pull.unlabelled !== undefined) process.stderr.write(`Without labels: ${pull.unlabelled}\n`);
  process.stdout.write(
    context.format === 'json'
      ? `${JSON.stringify({ id: incident.id, state: incident.state, branch, pull_request: pull.number, url: pull.url })}\n`
      : `${pull.wasOpen ? 'The open pull request has it now' : 'Opened'}: ${pull.url}\n`,
  );
}

function tokenIn({ GH_TOKEN, GITHUB_TOKEN }: Context['env']): string | undefined {
  return [GH_TOKEN, GITHUB_TOKEN].find((token) => token !== undefined && token !== '');
}

function byHand({ branch, target }: ProposalPlan, repository: string | undefined, host: string): Failure {
  const address =
    repository === undefined
      ? 'Open the pull request where your repository is.'
      : `Open it by hand: https://${host}/${repository}/compare/${target.baseBranch}...${branch}?expand=1&template=incident.md`;
  const why = repository === undefined ? 'the remote is none of GitHub' : 'there is no token';
  return new Failure(`The branch ${branch} was pushed, and no pull request was opened: ${why}.`, {
    fix: `${address}\nNext time sign in with \`gh auth login\`, or set GITHUB_TOKEN.`,
  });
}
