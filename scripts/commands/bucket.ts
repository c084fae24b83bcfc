import { Command } from 'commander';
import { type BucketAddress, parseBucketAddress } from '../../lib/adapters/publish/bucket-address.ts';
import { type BucketSetup, setUpBucket } from '../../lib/adapters/publish/bucket-setup.ts';
import { openBucket } from '../../lib/adapters/publish/gcs-bucket.ts';
import { isBucket } from '../../lib/adapters/state/open-state.ts';
import { bucketPlan, freshBucket } from '../../lib/policy/bucket-plan.ts';
import { bucketOptionsOf } from '../cli/bucket-options.ts';
import { gcloudCommands, setupReport } from '../cli/bucket-report.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { pageSettings } from '../cli/page-settings.ts';

/** `candor bucket setup`: prepare a bucket for a page, once. */
export function command(): Command {
  const setup = new Command('setup')
    .description(
      'Prepare a bucket for a page: what answers for folders, who may read the JSON, and that a page whose\n' +
        'pipeline has died is taken away. What is set already stays; rules of others are kept.',
    )
    .option('--to <address>', 'gs://BUCKET or gs://BUCKET/PREFIX (default: `bucket` of status.config.yml)')
    .option('--public', 'let everybody read the whole bucket')
    .option('--dry-run', 'say what would be changed, and change nothing')
    .option('--print', 'print the commands of gcloud that do the same, and ask nobody')
    .addHelpText('after', examples)
    .action(async (options: SetupOptions, self: Command) => {
      process.stdout.write(await prepare(contextOf(self), options));
    });
  return new Command('bucket').description('Prepare the bucket that a page is published to.').addCommand(setup);
}

const examples = `
Examples:
  candor bucket setup --to gs://status-example-com --dry-run
  candor bucket setup --to gs://status-example-com --public
  candor bucket setup --to gs://status-example-com --print`;

const printed = '# cors.json and lifecycle.json take the place of rules that are there: add those to them.';

interface SetupOptions {
  readonly to?: string;
  readonly public?: true;
  readonly dryRun?: true;
  readonly print?: true;
}

async function prepare(context: Context, options: SetupOptions): Promise<string> {
  const address = addressOf(context, options);
  const isPublic = options.public === true;
  const place = `gs://${address.bucket}`;
  if (options.print === true) {
    const { changes } = bucketPlan(freshBucket, address.prefix);
    return `${printed}\n${gcloudCommands(place, { changes, opened: isPublic, warnings: [] })}`;
  }
  const isDryRun = options.dryRun === true;
  const bucket = openBucket(address.bucket, bucketOptionsOf(context));
  const setup: BucketSetup = await setUpBucket(bucket, { prefix: address.prefix, isPublic, isDryRun });
  return setupReport(setup, { place, isPublic, isDryRun, format: context.format });
}

function addressOf(context: Context, { to }: SetupOptions): BucketAddress {
  const given = to ?? pageSettings(context)?.bucket;
  if (given === undefined) {
    throw new UsageError('Which bucket?', 'Give --to gs://BUCKET, or write `bucket:` into status.config.yml.');
  }
  if (!isBucket(given)) {
    throw new UsageError(`${given} is no bucket.`, 'Write it as gs://BUCKET; a folder needs no preparation.');
  }
  return parseBucketAddress(given);
}
