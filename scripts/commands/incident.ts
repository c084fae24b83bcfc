import { Command, Option } from 'commander';
import { Impact, IncidentState } from '../../lib/schema/status.ts';
import { askerOf } from '../cli/ask.ts';
import { publishIncident, resolveIncident, type UpdateOptions, updateIncident } from '../cli/change-incident.ts';
import { contextOf } from '../cli/context.ts';
import { reportIncident } from '../cli/incident-report.ts';
import { type NewOptions, newIncident } from '../cli/new-incident.ts';
import { parseComponent, parseInstant } from '../cli/option-values.ts';
import type { IncidentWork, Which } from '../cli/propose-incident.ts';
import { openWorkspace } from '../cli/workspace.ts';

interface Yes {
  readonly yes?: true;
  readonly pr?: true;
}

/** `candor incident`: the quickest right way to write what the public reads. */
export function command(): Command {
  return new Command('incident')
    .description('Write an incident. At a terminal each command asks for what its options leave open.')
    .usage('[options] COMMAND')
    .helpCommand(false)
    .addCommand(newCommand())
    .addCommand(updateCommand())
    .addCommand(publishCommand())
    .addCommand(resolveCommand());
}

function newCommand(): Command {
  const command = new Command('new')
    .summary('begin an incident')
    .description('Begin an incident. It is a draft that nobody sees until it is published.')
    .option('--title <title>', 'what merchants notice, in one line')
    .addOption(new Option('--impact <impact>', 'how much it hurts').choices(Impact.options))
    .option('--component <id=status>', 'what is affected, and how; may be given several times', parseComponent)
    .option('--message <text>', 'the first update, in Markdown; - reads standard input')
    .option('--id <id>', 'the permalink (default: the day and the words of the title)')
    .option('--started-at <instant>', 'when the trouble began (default: now)', parseInstant)
    .option('--publish', 'show it to the public at once')
    .option('--pr', 'commit it to a branch of its own, push that, and open a pull request')
    .option('--yes', 'never ask')
    .addHelpText(
      'after',
      `
Example:
  candor incident new --title "Card payments are failing" --impact major \\
    --component payments=partial_outage --message "We are looking into it." --publish`,
    );
  return command.action(async (options: NewOptions & Yes) => {
    await write(command, options, { id: undefined, isNew: true }, (workspace, ask) =>
      newIncident(workspace, options, ask),
    );
  });
}

function updateCommand(): Command {
  const command = new Command('update')
    .summary('add an update to an open incident')
    .description('Add an update to an open incident. The state stays, or goes one step forward.')
    .argument('[id]', 'which incident (default: the one that is open)')
    .addOption(
      new Option('--state <state>', 'the state from now on (default: as before)').choices(IncidentState.options),
    )
    .option('--message <text>', 'the update, in Markdown; - reads standard input')
    .option('--component <id=status>', 'how a component is from now on; may be given several times', parseComponent)
    .option('--pr', 'commit it to a branch of its own, push that, and open a pull request')
    .option('--yes', 'never ask')
    .addHelpText(
      'after',
      `
Example:
  candor incident update --state identified --message "A card network rejects some payments."`,
    );
  return command.action(async (id: string | undefined, options: UpdateOptions & Yes) => {
    await write(command, options, { id }, (workspace, ask, which) => updateIncident(workspace, which, options, ask));
  });
}

function publishCommand(): Command {
  const command = new Command('publish')
    .summary('show a draft to the public')
    .description('Show a draft to the public. This cannot be taken back.')
    .argument('[id]', 'which incident (default: the one that is a draft)')
    .option('--pr', 'commit it to a branch of its own, push that, and open a pull request')
    .option('--yes', 'never ask')
    .addHelpText('after', '\nExample:\n  candor incident publish 2026-11-20-card-payments');
  return command.action(async (id: string | undefined, options: Yes) => {
    await write(command, options, { id }, (workspace, ask, which) => publishIncident(workspace, which, ask));
  });
}

function resolveCommand(): Command {
  const command = new Command('resolve')
    .summary('say that an incident is over')
    .description('Say that an incident is over. All of its components count as recovered, and nothing follows it.')
    .argument('[id]', 'which incident (default: the one that is open)')
    .option('--message <text>', 'the last update, in Markdown; - reads standard input')
    .option('--resolved-at <instant>', 'when the trouble ended, at most 15 minutes ago (default: now)', parseInstant)
    .option('--pr', 'commit it to a branch of its own, push that, and open a pull request')
    .option('--yes', 'never ask')
    .addHelpText('after', '\nExample:\n  candor incident resolve --message "Card payments work again."');
  return command.action(async (id: string | undefined, options: UpdateOptions & Yes) => {
    await write(command, options, { id }, (workspace, ask, which) => resolveIncident(workspace, which, options, ask));
  });
}

/** Let `work` write the incident's file: here, or in a pull request. */
async function write(command: Command, options: Yes, which: Which, work: IncidentWork): Promise<void> {
  const context = contextOf(command);
  const ask = askerOf(context, options);
  if (options.pr) {
    const { proposeIncident } = await import('../cli/propose-incident.ts');
    return proposeIncident(context, ask, which, work);
  }
  const workspace = await openWorkspace(context);
  await reportIncident(workspace, await work(workspace, ask, which.id));
}
