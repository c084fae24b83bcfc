import { Failure } from '../failure.ts';
import type { ExternalCredentials } from '../workload-identity.ts';
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

/** A bucket and the names below which its objects lie: empty, or ending in a slash. */
export interface BucketAddress {
  readonly bucket: string;
  readonly prefix: string;
}

/** The target at `address`: `gs://BUCKET/PREFIX` or an absolute folder. Nothing is read or made before it is used. */
export function openTarget(address: string, options: TargetOptions): PublishTarget {
  return address.startsWith('gs:') ? gcsTarget(parseBucketAddress(address), options) : folderTarget(address);
}

/** The parts of `gs://BUCKET/PREFIX`; with or without a slash at the end it means the same. */
export function parseBucketAddress(address: string): BucketAddress {
  const [, bucket, rest = ''] = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/(.*))?$/s.exec(address) ?? [];
  const prefix = rest.replace(/\/+$/, '');
  const isOdd = prefix !== '' && prefix.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (bucket === undefined || isOdd) {
    throw new Failure(`${address} is no address of a bucket.`, {
      fix: 'Write gs://BUCKET or gs://BUCKET/PREFIX: the name of the bucket in small letters, and no empty part in the prefix.',
    });
  }
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
