import type { ExternalCredentials } from '../workload-identity.ts';
import { parseBucketAddress } from './bucket-address.ts';
import { folderTarget } from './folder-target.ts';
import { gcsTarget } from './gcs-target.ts';
import type { PublishTarget } from './publish-target.ts';
import type { TargetTiming } from './target-timing.ts';

/** What a door passes on to a target. */
export interface TargetOptions {
  /** Where the JSON API answers instead of Google's address (`STORAGE_EMULATOR_HOST`): asked without credentials. */
  readonly apiEndpoint: string | undefined;
  /** Who publishes, where Google's client does not find that out by itself. */
  readonly credentials?: ExternalCredentials | undefined;
  readonly timing?: TargetTiming;
}

/** The target at `address`: `gs://BUCKET/PREFIX` or an absolute folder. Nothing is read or made before it is used. */
export function openTarget(address: string, options: TargetOptions): PublishTarget {
  return address.startsWith('gs:') ? gcsTarget(parseBucketAddress(address), options) : folderTarget(address);
}
