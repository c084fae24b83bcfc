import { Command } from 'commander';
import { listAudit, verifyAudit, type Wanted } from '../cli/audit-report.ts';
import { contextOf } from '../cli/context.ts';
import { parseInstant } from '../cli/option-values.ts';
import { stateStoreOf } from '../cli/state-store.ts';

/** `candor audit`: look at the record of who changed what. */
export function command(): Command {
  return new Command('audit')
    .description('Look at the audit log: who changed what, and whether the record is whole.')
    .addCommand(verify())
    .addCommand(list());
}

function verify(): Command {
  return new Command('verify')
    .description(
      'Find entries of the audit log that were changed, removed, put elsewhere or cut off, and name them.\nEnds with 1 where there is one, and with 3 where the log cannot be read.',
    )
    .summary('find what is wrong with the log')
    .action(async (_options: unknown, self: Command) => {
      const context = contextOf(self);
      const { report, isWhole } = await verifyAudit(stateStoreOf(context), context.format);
      process.stdout.write(report);
      if (!isWhole) process.exitCode = 1;
    });
}

function list(): Command {
  return new Command('list')
    .description('Print the entries of the audit log, oldest first.')
    .summary('print the entries')
    .option('--subject <subject>', 'of this alone, such as components/payments')
    .option('--since <instant>', 'recorded at or after this instant', parseInstant)
    .action(async (options: Wanted, self: Command) => {
      const context = contextOf(self);
      process.stdout.write(await listAudit(stateStoreOf(context), options, context.format));
    });
}
