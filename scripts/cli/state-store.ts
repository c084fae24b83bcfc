import { type BucketAddress, parseBucketAddress } from '../../lib/adapters/publish/bucket-address.ts';
import { isBucket, openState } from '../../lib/adapters/state/open-state.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { bucketOptionsOf } from './bucket-options.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import { pageSettings } from './page-settings.ts';

/** The state that the command line names. A bucket must not be the one that the public reads. */
export function stateStoreOf(context: Pick<Context, 'root' | 'state' | 'env'>): StateStore {
  if (isBucket(context.state)) keepApart(context.state, pageSettings(context)?.bucket);
  return openState(context.state, bucketOptionsOf(context));
}

function keepApart(state: string, page: string | undefined): void {
  if (page === undefined) return;
  const [ours, theirs] = [parseBucketAddress(state), parseBucketAddress(page)];
  if (ours.bucket !== theirs.bucket) return;
  if (overlaps(ours, theirs)) {
    throw new UsageError(
      `The state ${state} lies where the page is published, ${page}: everybody could read it.`,
      'Give --state a bucket of its own that is private.',
    );
  }
  process.stderr.write(
    `warning: the state ${state} is in the bucket of the page. What is public is public for the whole bucket: use a private one.\n`,
  );
}

function overlaps(a: BucketAddress, b: BucketAddress): boolean {
  return a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);
}
