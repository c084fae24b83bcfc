import { Failure } from '../failure.ts';

/** A bucket and the names below which its objects lie: empty, or ending in a slash. */
export interface BucketAddress {
  readonly bucket: string;
  readonly prefix: string;
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
