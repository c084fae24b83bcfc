import { parseBucketAddress } from '../publish/bucket-address.ts';
import { fileState } from './file-state.ts';
import { type BucketStateOptions, gcsState } from './gcs-state.ts';
import type { StateStore } from './state-store.ts';

/** The state at `address`: an absolute folder, or `gs://BUCKET/PREFIX`, for which alone the options are. */
export function openState(address: string, options: BucketStateOptions = googlesOwn): StateStore {
  return isBucket(address) ? gcsState(parseBucketAddress(address), options) : fileState(address);
}

/** Whether this is the address of a bucket, and not of a folder. */
export function isBucket(address: string): boolean {
  return address.startsWith('gs:');
}

const googlesOwn: BucketStateOptions = { apiEndpoint: undefined, publicOrigin: 'https://storage.googleapis.com' };
