import { Command } from 'commander';
import { type Context, contextOf } from '../cli/context.ts';
import { endOnceRead } from '../cli/end-once-read.ts';
import { UsageError } from '../cli/errors.ts';
import { type PublishOptions, publishContent, publishFolder } from '../cli/publish-page.ts';
import { publishReport } from '../cli/publish-report.ts';
import { settingsOf, targetOf } from '../cli/publish-settings.ts';
import { publishSnapshot, type SnapshotResult } from '../cli/publish-snapshot.ts';
import type { PublishResult } from '../pipeline/publish-site.ts';

/** `candor publish`: bring the page out. */
export function command(): Command {
  return new Command('publish')
    .description(
      'Bring the page to a bucket or a folder: only what changed, and in an order in which no page ever names what is not there.\nWithout --from, what changed in the content is built in passing.',
    )
    .option('--from <dir>', 'a folder that `candor build` wrote (default: build what changed)')
    .option('--to <target>', 'gs://BUCKET/PREFIX or a folder (default: `bucket` of status.config.yml)')
    .option('--snapshot', 'only current.json, with the newest health')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--adopt', 'replace files of others that stand in the way')
    .option('--replace-newer', 'replace a newer build')
    .option('--repair', 'look at everything that lies in the target, instead of relying on its list')
    .addHelpText('after', examples)
    .action(async (options: PublishOptions, self: Command) => {
      const context = contextOf(self);
      refuseContradictions(options);
      const began = performance.now();
      const { result, place } = await publish(context, options);
      if (result.kind === 'held') process.exitCode = 1;
      const seconds = (performance.now() - began) / 1000;
      process.stdout.write(publishReport(result, { place, seconds, now: context.now() }, context.format));
      // Of a request that was tried again the first try may still be without an answer.
      endOnceRead();
    });
}

const examples = `
Examples:
  candor publish --to gs://status-example-com         build what changed, and publish it
  candor publish --from dist --to gs://bucket/status  a page that was built before
  candor publish --from dist --to gs://bucket --dry-run
  candor publish --snapshot                           the newest health, in one request`;

/** Options that only mean something for a whole page. */
const ofWholePages = { from: '--from', dryRun: '--dry-run', adopt: '--adopt', repair: '--repair' } as const;

function refuseContradictions(options: PublishOptions): void {
  if (options.snapshot !== true) return;
  const keys = Object.keys(ofWholePages).filter((key): key is keyof typeof ofWholePages => key in ofWholePages);
  const given = keys.filter((key) => options[key] !== undefined).map((key) => ofWholePages[key]);
  if (given.length === 0) return;
  throw new UsageError(
    `--snapshot and ${given.join(' and ')} do not go together.`,
    'With --snapshot, current.json alone is made from the content.',
  );
}

async function publish(
  context: Context,
  options: PublishOptions,
): Promise<{ readonly result: PublishResult | SnapshotResult; readonly place: string }> {
  const config = await settingsOf(context);
  const target = targetOf(context, options, config);
  const { place } = target;
  if (options.from !== undefined) {
    return { place, result: await publishFolder(context, target, options.from, { config, options }) };
  }
  if (config === undefined) {
    throw new UsageError(
      `${context.root} holds no status.config.yml, so there is nothing to publish.`,
      'Name the folder of the content with --root, or a built page with --from.',
    );
  }
  const how = { config, options };
  if (options.snapshot === true) return { place, result: await publishSnapshot(context, target, how) };
  return { place, result: await publishContent(context, target, how) };
}
