import type { BucketStateOptions } from '../../lib/adapters/state/gcs-state.ts';
import { type ExternalCredentials, workloadCredentials } from '../../lib/adapters/workload-identity.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import { pageSettings } from './page-settings.ts';

const google = 'https://storage.googleapis.com';

/**
 * How buckets are reached: Google's own service, or an emulator without credentials where `STORAGE_EMULATOR_HOST` names
 * one. A job of a workflow signs in as the settings say; everywhere else Google's client looks for credentials itself.
 */
export function bucketOptionsOf(context: Pick<Context, 'root' | 'env'>): BucketStateOptions {
  const emulator = context.env['STORAGE_EMULATOR_HOST'] ?? '';
  if (emulator !== '') return { apiEndpoint: emulator, publicOrigin: undefined };
  return { apiEndpoint: undefined, publicOrigin: google, credentials: credentialsOf(context) };
}

function credentialsOf(context: Pick<Context, 'root' | 'env'>): ExternalCredentials | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken = '' } =
    context.env;
  const isJob = context.env['GITHUB_ACTIONS'] === 'true';
  if (!isJob || (context.env['GOOGLE_APPLICATION_CREDENTIALS'] ?? '') !== '') return undefined;
  const who = pageSettings(context)?.google;
  if (who === undefined) return undefined;
  if (requestUrl === '' || requestToken === '') {
    throw new UsageError(
      'GitHub gives this job no token by which it could sign in to Google Cloud.',
      'Give the job `permissions: id-token: write`; docs/publish.md says what else it needs.',
    );
  }
  return workloadCredentials({ provider: who.provider, serviceAccount: who.service_account, requestUrl, requestToken });
}
