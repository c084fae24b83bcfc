import type { BucketStateOptions } from '../../lib/adapters/state/gcs-state.ts';
import type { Context } from './context.ts';

const google = 'https://storage.googleapis.com';

/** How buckets are reached, as the environment says: Google's own service, or an emulator without credentials. */
export function bucketOptionsOf(env: Context['env']): BucketStateOptions {
  const emulator = env['STORAGE_EMULATOR_HOST'] ?? '';
  if (emulator !== '') return { apiEndpoint: emulator, publicOrigin: undefined };
  return { apiEndpoint: undefined, publicOrigin: google };
}
