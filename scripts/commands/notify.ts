import { Command, Option } from 'commander';
import { commonOption } from '../cli/common-options.ts';
import { contextOf } from '../cli/context.ts';
import { cutOffSignal } from '../cli/cut-off.ts';
import { UsageError } from '../cli/errors.ts';
import { parseInterval } from '../cli/interval.ts';
import { openMailDesk } from '../cli/mail-desk.ts';
import { notifyOnce, watchAndNotify } from '../cli/notify.ts';

interface NotifyOptions {
  readonly once?: true;
  readonly watch?: true;
  readonly from?: string;
  readonly every?: number;
}

/** `candor notify`: look at the published page, and send what subscribers are owed. */
export function command(): Command {
  return new Command('notify')
    .description(
      'Look at the page that is published, write down which of its updates are owed to whom, and send what is due.\n' +
        '`candor serve` and `candor start` do this by themselves; notify is for a machine of its own, or a schedule.',
    )
    .addOption(new Option('--once', 'send everything that is due, then end (the default)').conflicts('watch'))
    .addOption(new Option('--watch', 'go on until it is stopped'))
    .option(
      '--from <place>',
      'a built folder, or the address of a published page (default: `url` of status.config.yml)',
    )
    .option(
      '--every <time>',
      'with --watch: how often the page is looked at, such as 30s or 5m (default: 30s)',
      parseInterval,
    )
    .addHelpText('after', examples)
    .action(async (options: NotifyOptions, self: Command) => {
      refuseMisuse(options, self);
      const context = contextOf(self);
      const signal = cutOffSignal();
      const desk = await openMailDesk(context, options.from);
      try {
        if (options.watch === true) await watchAndNotify(context, desk, { signal, everySeconds: options.every ?? 30 });
        else if (!(await notifyOnce(context, desk, signal))) process.exitCode = 3;
      } finally {
        await desk[Symbol.asyncDispose]();
      }
    });
}

const examples = `
Examples:
  candor notify                                          once, for the page at \`url\`
  candor notify --watch                                  on a machine that is always on
  candor notify --from dist                              for a page that was built here
  candor notify --from https://status.example.com/       for a page that is published there

Without SMTP_URL mails are written below the state folder, one file each. It ends with 3 where the page cannot be read or
the mail server is of no use; what was not sent is owed as before.`;

function refuseMisuse(options: NotifyOptions, self: Command): void {
  if (options.every !== undefined && options.watch !== true) {
    throw new UsageError('--every is for --watch.', 'A single run looks at the page once.');
  }
  if (options.watch === true && commonOption(self, 'now') !== undefined) {
    throw new UsageError('--watch goes by the clock.', 'Leave out --now, or make single runs.');
  }
}
