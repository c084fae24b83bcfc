import { appendFileSync } from 'node:fs';
import { Command } from 'commander';
import { plainMarkdown } from '../../lib/content/markdown-text.ts';
import { workflowCommand } from '../../lib/content/report.ts';
import type { Verdict } from '../../lib/policy/authorization.ts';
import { decideOnPull } from '../cli/authorize-pull.ts';
import { type Context, contextOf } from '../cli/context.ts';

/** `candor authorize`: whether somebody who may decide what the public reads stands for a pull request. */
export function command(): Command {
  return new Command('authorize')
    .description(
      'Decide whether the pull request of an event may be merged. A change to incidents, components, probes, the settings or\n' +
        'the workflows needs MANAGE_STATUS, held by its author or by somebody who approves its newest commit. The roles that\n' +
        'hold it stand in status.config.yml of the root, which must be the base branch. Denied ends with 1; where GitHub does\n' +
        'not say what has to be known, it is denied too, and ends with 3.',
    )
    .option('--event <file>', 'the payload of the event (default: that of the workflow)')
    .addHelpText('after', examples)
    .action(async (options: { event?: string }, self: Command) => {
      const context = contextOf(self);
      const verdict = await decideOnPull(context, options.event);
      process.stdout.write(report(verdict, context));
      summarize(verdict, context);
      if (!verdict.allowed) process.exitCode = verdict.code;
    });
}

const examples = `
Examples:
  candor authorize                        in a workflow on pull_request and pull_request_review
  candor authorize --event event.json     what it would decide on that event

The environment names the repository and holds the token, which needs \`pull-requests: read\` and \`contents: read\`:
GITHUB_EVENT_PATH, GITHUB_EVENT_NAME, GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL.`;

function report(verdict: Verdict, { format }: Context): string {
  if (format === 'json') {
    const { allowed, reason } = verdict;
    return `${JSON.stringify({ allowed, reason, fix: verdict.allowed ? null : verdict.fix })}\n`;
  }
  if (verdict.allowed) return `Allowed: ${verdict.reason}\n`;
  if (format === 'github')
    return workflowCommand('error', { title: 'authorize' }, `Denied: ${verdict.reason} ${verdict.fix}`);
  return `Denied: ${verdict.reason}\n  ${verdict.fix}\n`;
}

function summarize(verdict: Verdict, { env }: Context): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  const said = verdict.allowed ? verdict.reason : `${verdict.reason} ${verdict.fix}`;
  appendFileSync(file, `## ${verdict.allowed ? 'Allowed' : 'Denied'}\n\n${plainMarkdown(said)}\n\n`);
}
