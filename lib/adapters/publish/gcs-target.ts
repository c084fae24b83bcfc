import type { BucketAddress, TargetOptions } from './open-target.ts';
import type { PublishTarget } from './publish-target.ts';

/** Publish into a bucket of Google Cloud Storage. */
export function gcsTarget(address: BucketAddress, options: TargetOptions): PublishTarget {
  throw new Error(`not yet: ${address.bucket} ${options.apiEndpoint}`);
}
