import { expect, test } from 'vitest';
import { bucketOptionsOf } from './bucket-options.ts';
import { UsageError } from './errors.ts';

const job = {
  CANDOR_GOOGLE_PROVIDER: 'projects/123/locations/global/workloadIdentityPools/github/providers/status',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
};

test('an emulator is asked without credentials', () => {
  const options = bucketOptionsOf({ ...job, STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9000' });
  expect(options).toEqual({ apiEndpoint: 'http://127.0.0.1:9000', publicOrigin: undefined });
});

test('without a provider Google’s client finds out who asks', () => {
  expect(bucketOptionsOf({ CANDOR_GOOGLE_PROVIDER: '' })).toEqual({
    apiEndpoint: undefined,
    publicOrigin: 'https://storage.googleapis.com',
    credentials: undefined,
  });
});

test('a job shows its token to its provider', () => {
  expect(bucketOptionsOf(job).credentials).toMatchObject({
    audience: `//iam.googleapis.com/${job.CANDOR_GOOGLE_PROVIDER}`,
    credential_source: { headers: { Authorization: 'Bearer secret' } },
  });
});

test.each([
  [
    'a name that is none',
    { ...job, CANDOR_GOOGLE_PROVIDER: 'github/status' },
    'CANDOR_GOOGLE_PROVIDER is no name of a provider.',
    'Write projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, with the number of the project.',
  ],
  [
    'a job that may ask for no token',
    { CANDOR_GOOGLE_PROVIDER: job.CANDOR_GOOGLE_PROVIDER },
    'CANDOR_GOOGLE_PROVIDER is set, but GitHub gives this job no token to show there.',
    'In a workflow, give the job `permissions: id-token: write`. Elsewhere leave the variable out, and sign in with: gcloud auth application-default login.',
  ],
])('%s is told with the way out', (_name, env, message, fix) => {
  const attempt = () => bucketOptionsOf(env);
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(expect.objectContaining({ message, fix }));
});
