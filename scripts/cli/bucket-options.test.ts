import { expect, test } from 'vitest';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { bucketOptionsOf } from './bucket-options.ts';
import { UsageError } from './errors.ts';

const provider = 'projects/123/locations/global/workloadIdentityPools/github/providers/status';
const settings = [
  'name: Shop',
  'url: https://status.example.com',
  'support_email: help@example.com',
  'google:',
  `  provider: ${provider}`,
  '',
];
const job = {
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
};

/** How a bucket is reached in this environment, with settings that name a provider. */
async function optionsIn(env: Readonly<Record<string, string>>) {
  await using root = await temporaryFolder();
  await root.write('status.config.yml', settings.join('\n'));
  return bucketOptionsOf({ root: root.path, env });
}

test('an emulator is asked without credentials', async () => {
  const options = await optionsIn({ ...job, STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9000' });
  expect(options).toEqual({ apiEndpoint: 'http://127.0.0.1:9000', publicOrigin: undefined });
});

test('a job shows its token to the provider of the settings', async () => {
  const { credentials } = await optionsIn(job);
  expect(credentials).toMatchObject({
    audience: `//iam.googleapis.com/${provider}`,
    credential_source: { headers: { Authorization: 'Bearer secret' } },
  });
});

test.each([
  ['on the machine of a person', {}],
  ['in a job that was given other credentials', { ...job, GOOGLE_APPLICATION_CREDENTIALS: '/run/credentials.json' }],
])('%s Google’s client finds out who asks', async (_name, env) => {
  expect(await optionsIn(env)).toEqual({
    apiEndpoint: undefined,
    publicOrigin: 'https://storage.googleapis.com',
    credentials: undefined,
  });
});

test('a job that may ask for no token is told what it lacks', async () => {
  const error: unknown = await optionsIn({ GITHUB_ACTIONS: 'true' }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    message: 'GitHub gives this job no token by which it could sign in to Google Cloud.',
    fix: 'Give the job `permissions: id-token: write`; docs/publish.md says what else it needs.',
  });
});
