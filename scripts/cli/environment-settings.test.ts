import { expect, test } from 'vitest';
import { environmentSettings } from './environment-settings.ts';

test('one problem is the message itself', () => {
  expect(() => environmentSettings({ env: { CANDOR_TRUST_PROXY: 'all' } })).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message:
        'CANDOR_TRUST_PROXY is not how many proxies in front of the endpoint are believed, a number from 0 to 9.',
      fix: 'Set it to 1 behind one load balancer, 0 where visitors connect directly.',
    }),
  );
});

test('several problems are told together', () => {
  expect(() => environmentSettings({ env: { REDIS_URL: 'x', GITHUB_REPOSITORY: 'y' } })).toThrow(
    expect.objectContaining({
      message: '2 settings of the environment are wrong.',
      fix: `REDIS_URL is not the address of a Redis server. Set it to redis://HOST:6379, or rediss:// where it speaks TLS.
GITHUB_REPOSITORY is not owner/name of the repository with the content. Set it to example-org/status.`,
    }),
  );
});

test('an environment without settings is fine', () => {
  expect(environmentSettings({ env: {} }).trustedProxies).toBe(0);
});
