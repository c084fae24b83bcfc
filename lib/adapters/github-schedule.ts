import { z } from 'zod';
import { Failure } from './failure.ts';

/** Where a repository's workflows are, and who asks. */
export interface GithubAccess {
  /** `https://api.github.com`, or that of an own server. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Needs `actions: write` and nothing else. */
  readonly token: string;
}

/** What became of a workflow: its days of inactivity count anew, or a person had switched it off and it stays off. */
export type KeptWorkflow = 'enabled' | 'disabled_manually';

const timeoutMs = 20_000;

/**
 * Enable a workflow by its file name, so that GitHub does not switch off its schedule for want of commits. One that a
 * person switched off is left alone. Throws `Failure` where GitHub refuses.
 */
export async function keepWorkflow(file: string, access: GithubAccess): Promise<KeptWorkflow> {
  const state = Workflow.safeParse(await (await ask('GET', file, '', access)).json());
  if (!state.success) throw refusal(file, access, 'the answer is not one of GitHub', undefined);
  if (state.data.state === 'disabled_manually') return 'disabled_manually';
  await ask('PUT', file, '/enable', access);
  return 'enabled';
}

const Workflow = z.object({ state: z.string() });

async function ask(method: 'GET' | 'PUT', file: string, what: string, access: GithubAccess): Promise<Response> {
  const { apiUrl, repository, token } = access;
  const url = `${apiUrl.replace(/\/+$/, '')}/repos/${repository}/actions/workflows/${encodeURIComponent(file)}${what}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'candor',
        'x-github-api-version': '2022-11-28',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw refusal(file, access, 'GitHub cannot be reached', error);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw refusal(file, access, `GitHub answered ${response.status}`, undefined, fixes[response.status]);
}

const fixes: Readonly<Record<number, string>> = {
  401: 'Give a GITHUB_TOKEN that is valid.',
  403: 'Give the job `permissions: actions: write`.',
  404: 'Name a file of .github/workflows on the default branch, and give the job `permissions: actions: write`.',
};

function refusal(file: string, access: GithubAccess, why: string, cause: unknown, fix?: string): Failure {
  return new Failure(`The schedule of ${file} in ${access.repository} cannot be kept: ${why}.`, {
    fix: fix ?? 'Nothing has changed; the next run tries again.',
    cause,
  });
}
