import { Command } from 'commander';
import { contextOf } from '../cli/context.ts';
import { type ExpireOptions, expireOverrides } from '../cli/expire-overrides.ts';

/** `candor expire`: the hourly job that tidies up after overrides. */
export function command(): Command {
  return new Command('expire')
    .description(
      'Take overrides out of component files once they have expired, and tell the audit log of it and of whatever else people wrote.\nThe page shows an override until it expires, and not a minute longer, whether or not this has run.',
    )
    .option('--commit', 'also commit this change of these files, and nothing else')
    .option('--push', 'also push that commit to the branch that is checked out; again where somebody else was faster')
    .addHelpText(
      'after',
      `
Examples:
  candor expire            clean up the files of this folder
  candor expire --push     for a scheduled job`,
    )
    .action(async (options: ExpireOptions, self: Command) => {
      const { report, problems } = await expireOverrides(contextOf(self), options);
      process.stdout.write(report);
      process.stderr.write(problems);
      if (problems !== '') process.exitCode = 1;
    });
}
