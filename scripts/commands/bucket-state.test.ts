import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { type FakeGcs, startFakeGcs } from '../../lib/testing/fake-gcs.ts';

const state = 'gs://private/status';

/** Run a command whose state lies in a bucket. */
function run(root: TemporaryRoot, gcs: FakeGcs, args: readonly string[], now = '2026-11-20T10:00:00Z') {
  const env = { STORAGE_EMULATOR_HOST: gcs.apiEndpoint };
  return candor([...args, '--root', root.path, '--state', state, '--now', now], { env });
}

const probe = {
  'status.config.yml': `${soundTexts['status.config.yml']}allow_private_targets: true\n`,
  'probes/payments.yml':
    'component: payments\nkind: tcp\nhost: 127.0.0.1\nport: 9\ntimeout_ms: 200\non_failure: major_outage\n',
};

test('what is measured is kept in the bucket and nowhere else, and the page shows it', async () => {
  await using gcs = await startFakeGcs('private');
  await using root = await temporaryContentRoot(probe);
  for (const minute of ['00', '05', '10']) {
    expect(await run(root, gcs, ['probe', '--once'], `2026-11-21T10:${minute}:00Z`)).toMatchObject({ code: 0 });
  }
  expect(gcs.names('private')).toEqual([
    'status/audit-head.json',
    'status/audit.jsonl',
    'status/probes.json',
    'status/recorded.json',
    'status/uptime.json',
  ]);
  const verified = await run(root, gcs, ['audit', 'verify'], '2026-11-21T10:11:00Z');
  expect(verified.stdout).toContain(`The audit log in ${state} is whole`);
  const built = await run(root, gcs, ['build', '--out', `${root.path}/dist`], '2026-11-21T10:11:00Z');
  expect(built.code).toBe(0);
  expect(JSON.parse(await readFile(join(root.path, 'dist', 'current.json'), 'utf8')).overall.status).toBe(
    'major_outage',
  );
});

test('what a wrong clock wrote is put aside in the bucket', async () => {
  await using gcs = await startFakeGcs('private');
  await using root = await temporaryContentRoot(probe);
  await run(root, gcs, ['probe', '--once'], '2026-11-21T10:00:00Z');
  const { code, stdout } = await run(root, gcs, ['prune', '--future'], '2026-11-20T10:00:00Z');
  const file = 'set-aside/future-20261120T100000000Z.json';
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`in ${file}.`) });
  expect(gcs.names('private')).toContain(`status/${file}`);
});

test('a document that cannot be used is discarded there', async () => {
  await using gcs = await startFakeGcs('private');
  await using root = await temporaryContentRoot(probe);
  const put = `${gcs.apiEndpoint}/upload/storage/v1/b/private/o?uploadType=media&name=status%2Fuptime.json`;
  await fetch(put, { method: 'POST', body: 'torn' });
  const broken = await run(root, gcs, ['build', '--out', `${root.path}/dist`]);
  expect(broken.stderr).toContain('`candor state discard uptime --state gs://private/status` puts it aside');
  expect(await run(root, gcs, ['state', 'discard', 'uptime', '--yes'])).toMatchObject({ code: 0 });
  expect(gcs.names('private')).toContain('status/set-aside/uptime-20261120T100000000Z.json');
});
