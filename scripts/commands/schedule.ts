import { Command } from 'commander';
import { type KeptWorkflow, keepWorkflow } from '../../lib/adapters/github-schedule.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { repositoryAccess } from '../cli/github-access.ts';

const usualWorkflows = ['probe.yml', 'housekeeping.yml'];

/** `candor schedule keep`: GitHub goes on running the schedules of a repository without commits. */
export function command(): Command {
  const keep = new Command('keep')
    .description(
      'Enable workflows through the API of GitHub, which switches off schedules after 60 days without a commit.\n' +
        'A workflow that a person switched off stays off.',
    )
    .argument('[workflow...]', `file names in .github/workflows (default: ${usualWorkflows.join(' ')})`)
    .addHelpText('after', examples)
    .action(async (workflows: string[], _options: unknown, self: Command) => {
      const context = contextOf(self);
      const files = workflows.length === 0 ? usualWorkflows : workflows;
      const access = repositoryAccess(context.env);
      const kept: Kept[] = [];
      for (const file of files) kept.push({ workflow: file, result: await keepWorkflow(file, access) });
      process.stdout.write(report(kept, context));
    });
  return new Command('schedule').description('Look after the schedules of the workflows.').addCommand(keep);
}

const examples = `
Examples:
  candor schedule keep                        in a job with \`permissions: actions: write\`
  candor schedule keep status.yml             a workflow of another name

The environment names the repository and holds the token: GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL.`;

interface Kept {
  readonly workflow: string;
  readonly result: KeptWorkflow;
}

const said: Record<KeptWorkflow, string> = {
  enabled: 'is enabled; its 60 days begin anew.',
  disabled_manually: 'was switched off by a person and stays off.',
};

function report(kept: readonly Kept[], { format }: Context): string {
  if (format === 'json') return `${JSON.stringify({ workflows: kept })}\n`;
  return kept.map(({ workflow, result }) => `${workflow} ${said[result]}\n`).join('');
}
