import { readFileSync } from 'node:fs';
import { PullRequestEvent } from '../../lib/schema/github.ts';
import type { Context } from './context.ts';

/** The event that a workflow runs for, or why it cannot be gone by. */
export type EventResult = PullRequestEvent | { readonly reason: string; readonly fix: string };

const kinds = new Set(['pull_request', 'pull_request_review']);

/** Read the event of a pull request from `file`, or from where a workflow keeps it. Nothing is taken on trust that is not there. */
export function readEvent({ env }: Pick<Context, 'env'>, file: string | undefined): EventResult {
  const path = file ?? env['GITHUB_EVENT_PATH'] ?? '';
  const kind = env['GITHUB_EVENT_NAME'];
  if (kind !== undefined && !kinds.has(kind)) {
    return { reason: `The event is ${JSON.stringify(kind)}, which is not about a pull request.`, fix: howTo };
  }
  if (path === '') return { reason: 'There is no event to go by.', fix: howTo };
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is cut off or no JSON' : 'cannot be read';
    return { reason: `The event in ${path} ${why}.`, fix: howTo };
  }
  const event = PullRequestEvent.safeParse(data);
  if (!event.success) {
    const at = event.error.issues[0]?.path.join('.') ?? '';
    return {
      reason: `The event in ${path} is none of a pull request${at === '' ? '' : `: look at ${at}`}.`,
      fix: howTo,
    };
  }
  const { repository, pull_request: pull } = event.data;
  const here = env['GITHUB_REPOSITORY'] ?? repository.full_name;
  if (repository.full_name !== here || pull.base.repo.full_name !== here) {
    return { reason: `The event is of ${pull.base.repo.full_name}, and this is ${here}.`, fix: howTo };
  }
  return event.data;
}

const howTo =
  'Run this in a workflow on `pull_request` or `pull_request_review`, or name the payload of such an event with --event.';
