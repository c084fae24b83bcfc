import { Command } from 'commander';
import { contextOf } from '../cli/context.ts';
import { countedSubscribers } from '../cli/subscribers/count-subscribers.ts';
import { exportSubscribers } from '../cli/subscribers/export-subscribers.ts';
import { importSubscribers } from '../cli/subscribers/import-subscribers.ts';
import { rotateKey } from '../cli/subscribers/rotate-key.ts';

/** `candor subscribers`: count them, move them to another store, and put them under another key. */
export function command(): Command {
  return new Command('subscribers')
    .description('Count subscribers, move them to another store, and put them under another key.')
    .usage('[options] COMMAND')
    .addCommand(countsCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(rotateCommand());
}

function countsCommand(): Command {
  return new Command('counts')
    .summary('how many there are, as JSON')
    .description('Print how many subscribers there are as JSON, in all and by component. It holds nothing personal.')
    .addHelpText('after', '\nExample:\n  candor subscribers counts')
    .action(async (_options: object, self: Command) => {
      process.stdout.write(await countedSubscribers(contextOf(self)));
    });
}

function exportCommand(): Command {
  return new Command('export')
    .summary('print everything as JSON lines')
    .description(
      'Print everything as JSON lines: subscribers, what was seen of the page, what is owed. Addresses stay\nencrypted, so the export is worth nothing without the data key.',
    )
    .addHelpText('after', '\nExample:\n  candor subscribers export > subscribers.jsonl')
    .action(async (_options: object, self: Command) => exportSubscribers(contextOf(self)));
}

function importCommand(): Command {
  return new Command('import')
    .summary('fill an empty store with an export')
    .description('Fill an empty store with what was exported under the same data key: all of it or nothing.')
    .argument('[file]', 'the export; - or nothing reads standard input')
    .addHelpText('after', '\nExample:\n  candor subscribers import subscribers.jsonl')
    .action(async (file: string | undefined, _options: object, self: Command) => {
      process.stdout.write(await importSubscribers(contextOf(self), file));
    });
}

function rotateCommand(): Command {
  return new Command('rotate')
    .summary('put everything under a new data key')
    .description(
      'Encrypt everything under a new data key. Where CANDOR_DATA_KEY is set it names both, NEW,EARLIER; where it\nis not, the key beside the file is replaced. End what serves the page first, and start it with the new key.',
    )
    .addHelpText('after', '\nExample:\n  CANDOR_DATA_KEY="$NEW,$EARLIER" candor subscribers rotate')
    .action(async (_options: object, self: Command) => {
      process.stdout.write(await rotateKey(contextOf(self)));
    });
}
