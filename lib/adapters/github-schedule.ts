import { z } from 'zod';
import { Failure } from './failure.ts';
import { type GithubAccess, type GithubApi, GithubRefusal, type GithubTiming, openGithubApi } from './github-api.ts';
import { ownerAndName } from './github-pull.ts';

/** Where a repository's workflows are, and who asks with a token that needs `actions: write` and nothing else. */
export interface ScheduleAccess extends GithubAccess {
  /** `owner/name`. */
  readonly repository: string;
}

/** What became of a workflow: its days of inactivity count anew, or a person had switched it off and it stays off. */
export type KeptWorkflow = 'enabled' | 'disabled_manually';

const route = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';

/**
 * Enable a workflow by its file name, so that GitHub does not switch off its schedule for want of commits. One that a
 * person switched off is left alone. Throws `Failure` where GitHub refuses.
 */
export async function keepWorkflow(file: string, access: ScheduleAccess, timing?: GithubTiming): Promise<KeptWorkflow> {
  try {
    return await keep(await openGithubApi(access, timing), { ...ownerAndName(access.repository), workflow_id: file });
  } catch (error) {
    if (error instanceof GithubRefusal) throw refusal(file, access, error);
    throw error;
  }
}

async function keep(api: GithubApi, place: Readonly<Record<string, string>>): Promise<KeptWorkflow> {
  const { state } = await api.ask(`GET ${route}`, place, Workflow);
  if (state === 'disabled_manually') return 'disabled_manually';
  await api.ask(`PUT ${route}/enable`, place, z.unknown());
  return 'enabled';
}

const Workflow = z.object({ state: z.string() });

const fixes: Readonly<Record<number, string>> = {
  403: 'Give the job `permissions: actions: write`.',
  404: 'Name a file of .github/workflows on the default branch, and give the job `permissions: actions: write`.',
};

function refusal(file: string, { repository }: ScheduleAccess, cause: GithubRefusal): Failure {
  return new Failure(`The schedule of ${file} in ${repository} cannot be kept. ${cause.message}`, {
    fix: (cause.status === undefined ? undefined : fixes[cause.status]) ?? cause.fix,
    cause,
  });
}
