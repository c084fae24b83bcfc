import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startFakeGcs } from '../testing/fake-gcs.ts';
import { openBucket } from './publish/gcs-bucket.ts';
import { workloadCredentials } from './workload-identity.ts';

const provider = 'projects/123/locations/global/workloadIdentityPools/github/providers/status';

/** GitHub and Google's exchange of tokens, on loopback; what they were asked is kept. */
async function startExchange() {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = new URLSearchParams(await text(request));
      const url = new URL(request.url ?? '/', 'http://localhost');
      const isGithub = url.pathname === '/github';
      asked.push(
        isGithub
          ? {
              authorization: request.headers.authorization,
              audience: url.searchParams.get('audience'),
              other: url.searchParams.get('api-version'),
            }
          : { audience: body.get('audience'), token: body.get('subject_token'), type: body.get('subject_token_type') },
      );
      const token = { access_token: 'for an hour', expires_in: 3600, token_type: 'Bearer', issued_token_type: 'x' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(isGithub ? { value: 'a job' } : token));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    origin,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('a job shows what GitHub says of it, and asks the bucket with what Google gives it for that', async () => {
  await using gcs = await startFakeGcs('status');
  await using exchange = await startExchange();
  const credentials = workloadCredentials({
    provider,
    serviceAccount: undefined,
    requestUrl: `${exchange.origin}/github?api-version=2.0`,
    requestToken: 'secret of the job',
    exchangeUrl: `${exchange.origin}/exchange`,
  });
  const bucket = openBucket('status', { apiEndpoint: gcs.apiEndpoint, credentials });
  await bucket.settings();
  await bucket.stat('index.html');
  expect(gcs.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer for an hour', 'Bearer for an hour']);
  expect(exchange.asked).toEqual([
    {
      authorization: 'Bearer secret of the job',
      audience: `https://iam.googleapis.com/${provider}`,
      other: '2.0',
    },
    {
      audience: `//iam.googleapis.com/${provider}`,
      token: 'a job',
      type: 'urn:ietf:params:oauth:token-type:jwt',
    },
  ]);
});

test('a job may act as a service account', () => {
  const credentials = workloadCredentials({
    provider,
    serviceAccount: 'status@shop.iam.gserviceaccount.com',
    requestUrl: 'https://token.example/?x=1',
    requestToken: 'secret',
  });
  expect(credentials.service_account_impersonation_url).toBe(
    'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/status%40shop.iam.gserviceaccount.com:generateAccessToken',
  );
});
