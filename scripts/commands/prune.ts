import { Command } from 'commander';
import { contextOf } from '../cli/context.ts';
import { type PruneOptions, pruneState } from '../cli/prune-state.ts';

/** `candor prune`: the daily job that forgets. */
export function command(): Command {
  return new Command('prune')
    .description(
      'Forget what the policy does not keep: raw results after 25 hours, hourly figures after 90 days, and who did\nnot confirm a subscription 48 hours after the last link expired. The audit log is kept for ever.',
    )
    .option('--future', 'also put aside what is dated later than now, after a clock went wrong')
    .option('--after-pause', 'also where all figures are older than they are kept: nothing was measured since then')
    .action(async (options: PruneOptions, self: Command) => {
      process.stdout.write(await pruneState(contextOf(self), options));
    });
}
