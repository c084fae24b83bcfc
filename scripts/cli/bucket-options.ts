import type { BucketStateOptions } from '../../lib/adapters/state/gcs-state.ts';
import { type ExternalCredentials, workloadCredentials } from '../../lib/adapters/workload-identity.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';

const google = 'https://storage.googleapis.com';
const providerName = /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/;

/** How buckets are reached, as the environment says: Google's own service, or an emulator without credentials. */
export function bucketOptionsOf(env: Context['env']): BucketStateOptions {
  const emulator = env['STORAGE_EMULATOR_HOST'] ?? '';
  if (emulator !== '') return { apiEndpoint: emulator, publicOrigin: undefined };
  return { apiEndpoint: undefined, publicOrigin: google, credentials: credentialsOf(env) };
}

/** Those of a job of a workflow, where the environment names its provider; else Google's client looks for some itself. */
function credentialsOf(env: Context['env']): ExternalCredentials | undefined {
  const provider = env['CANDOR_GOOGLE_PROVIDER'] ?? '';
  if (provider === '') return undefined;
  if (!providerName.test(provider)) {
    throw new UsageError(
      'CANDOR_GOOGLE_PROVIDER is no name of a provider.',
      'Write projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, with the number of the project.',
    );
  }
  const { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken = '' } = env;
  if (requestUrl === '' || requestToken === '') {
    throw new UsageError(
      'CANDOR_GOOGLE_PROVIDER is set, but GitHub gives this job no token to show there.',
      'In a workflow, give the job `permissions: id-token: write`. Elsewhere leave the variable out, and sign in with: gcloud auth application-default login.',
    );
  }
  const serviceAccount = env['CANDOR_GOOGLE_SERVICE_ACCOUNT'] || undefined;
  return workloadCredentials({ provider, serviceAccount, requestUrl, requestToken });
}
