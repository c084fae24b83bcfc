import { Command, Option } from 'commander';
import { suggestedOverrideHours } from '../../lib/policy/constants.ts';
import type { ReportedStatus } from '../../lib/schema/status.ts';
import { askerOf } from '../cli/ask.ts';
import { clearOverrideOf, setOverrideOf } from '../cli/change-override.ts';
import { contextOf } from '../cli/context.ts';
import { parseDuration, parseInstant, parseStatus } from '../cli/option-values.ts';
import { openWorkspace } from '../cli/workspace.ts';

/** What the command line says of an override. */
interface SetOptions {
  readonly status?: ReportedStatus;
  readonly reason?: string;
  readonly for?: number;
  readonly until?: Date;
  readonly yes?: true;
}

/** `candor override`: pin what the page shows of a component, for a while. */
export function command(): Command {
  return new Command('override')
    .description("Pin a component's public status for a while, for example during planned work.")
    .usage('[options] COMMAND')
    .addCommand(setCommand())
    .addCommand(clearCommand());
}

function setCommand(): Command {
  const command = new Command('set')
    .summary('pin a status')
    .description('Pin the public status of a component. It goes back to what is known when the time is over.')
    .argument('[component]', 'which component, by its id')
    .option('--status <status>', 'what the page shows meanwhile', parseStatus)
    .option('--reason <text>', 'why, for the public; at least 10 characters')
    .addOption(
      new Option('--for <duration>', `how long: 45m, 2h (default: ${suggestedOverrideHours}h, at most 24h)`)
        .argParser(parseDuration)
        .conflicts('until'),
    )
    .option('--until <instant>', 'until when, instead of --for', parseInstant)
    .option('--yes', 'never ask')
    .addHelpText(
      'after',
      `
Example:
  candor override set payments --status under_maintenance \\
    --reason "Planned upgrade of the card terminals" --for 2h`,
    );
  return command.action(async (component: string | undefined, options: SetOptions) => {
    const context = contextOf(command);
    await setOverrideOf(await openWorkspace(context), { ...options, component }, askerOf(context, options));
  });
}

function clearCommand(): Command {
  const command = new Command('clear')
    .summary('take the pin away')
    .description('Take the override of a component away; the page shows again what is known.')
    .argument('[component]', 'which component, by its id')
    .option('--yes', 'never ask')
    .addHelpText('after', '\nExample:\n  candor override clear payments');
  return command.action(async (component: string | undefined, options: Pick<SetOptions, 'yes'>) => {
    const context = contextOf(command);
    await clearOverrideOf(await openWorkspace(context), component, askerOf(context, options));
  });
}
