import { expect, test } from 'vitest';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { startFakeGcs } from '../../lib/testing/fake-gcs.ts';

const settings = ['name: Shop', 'url: https://status.example.com', 'support_email: help@example.com', ''];

/** What `candor audit verify` says of a state, where the page is published to the bucket. */
async function verify(state: string, bucket: string) {
  await using root = await temporaryFolder();
  await using gcs = await startFakeGcs('shop');
  await root.write('status.config.yml', [...settings, `bucket: ${bucket}`, ''].join('\n'));
  const env = { STORAGE_EMULATOR_HOST: gcs.apiEndpoint };
  return await candor(['audit', 'verify', '--root', root.path, '--state', state], { env });
}

test.each([
  ['gs://shop', 'gs://shop/page'],
  ['gs://shop/page/state', 'gs://shop/page'],
  ['gs://shop/state', 'gs://shop'],
])('the state %s is refused where the page is %s', async (state, page) => {
  expect(await verify(state, page)).toEqual({
    code: 2,
    stdout: '',
    stderr:
      `error: The state ${state} lies where the page is published, ${page}: everybody could read it.\n` +
      '  Give --state a bucket of its own that is private.\n',
  });
});

test('beside the page in the same bucket it is warned of', async () => {
  const { code, stderr } = await verify('gs://shop/state', 'gs://shop/page');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'warning: the state gs://shop/state is in the bucket of the page. What is public is public for the whole bucket: use a private one.\n',
  });
});

test('a bucket of its own is fine', async () => {
  const { code, stderr } = await verify('gs://shop/state', 'gs://other/page');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
