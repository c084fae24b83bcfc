import { expect, test } from 'vitest';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { type FakeGcs, startFakeGcs } from '../../lib/testing/fake-gcs.ts';

function setup(gcs: FakeGcs, ...args: string[]): Promise<Ended> {
  return candor(['bucket', 'setup', ...args], { env: environmentOf(gcs) });
}

function environmentOf(gcs: FakeGcs) {
  return { STORAGE_EMULATOR_HOST: gcs.apiEndpoint };
}

const byHand = `gcloud storage buckets update gs://status --web-main-page-suffix=index.html --web-error-page=404.html
cat > cors.json <<'JSON'
[
  {
    "origin": [
      "*"
    ],
    "method": [
      "GET",
      "HEAD"
    ],
    "responseHeader": [
      "Content-Type",
      "ETag",
      "Last-Modified"
    ],
    "maxAgeSeconds": 3600
  }
]
JSON
gcloud storage buckets update gs://status --cors-file=cors.json
cat > lifecycle.json <<'JSON'
{
  "rule": [
    {
      "action": {
        "type": "Delete"
      },
      "condition": {
        "age": 7,
        "matchesPrefix": [
          "current.json",
          "index.html",
          "components/",
          "api/v1/status/current.json",
          "api/v1/status/components.json",
          "api/v1/status/uptime.json",
          "api/v1/status/incidents.json"
        ]
      }
    }
  ]
}
JSON
gcloud storage buckets update gs://status --lifecycle-file=lifecycle.json
gcloud storage buckets update gs://status --uniform-bucket-level-access
`;

const reasons = `  website    index.html answers for a folder, 404.html for what is not there (behind a domain)
  cors       pages of other sites may read what is public: GET and HEAD, from any origin
  lifecycle  what says how things are now is deleted 7 days after it was last written; the archive stays
  access     access is granted to the bucket as a whole, never to single objects
`;

test('a bucket is prepared once, and what was done is said', async () => {
  await using gcs = await startFakeGcs('status');
  expect(await candor(['bucket', 'setup', '--to', 'gs://status'], { env: environmentOf(gcs), fresh: true })).toEqual({
    code: 0,
    stdout: `gs://status: 4 settings changed.

${reasons}
Who may read it was left as it is; --public lets everybody.

The same with gcloud:

${byHand}`,
    stderr: '',
  });
  expect(Object.keys(gcs.settings('status')).sort()).toEqual(['cors', 'iamConfiguration', 'lifecycle', 'website']);
  expect(gcs.policy('status')).toMatchObject({ bindings: [] });
  const again = await setup(gcs, '--to', 'gs://status');
  expect(again.stdout).toBe(
    'gs://status is prepared; nothing had to be changed.\n\nWho may read it was left as it is; --public lets everybody.\n',
  );
});

test('--public lets everybody read, once, and leaves the roles of others', async () => {
  await using gcs = await startFakeGcs('status');
  const { stdout } = await setup(gcs, '--to', 'gs://status', '--public');
  expect(stdout).toContain('gs://status: 5 settings changed.');
  expect(stdout).toContain('  public     everybody may read and list the whole bucket\n');
  expect(stdout).toContain(
    'gcloud storage buckets add-iam-policy-binding gs://status --member=allUsers --role=roles/storage.objectViewer\n',
  );
  expect(gcs.policy('status')).toMatchObject({
    bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }],
  });
  const again = await setup(gcs, '--to', 'gs://status', '--public');
  expect(again.stdout).toBe('gs://status is prepared; nothing had to be changed.\n');
});

test('--dry-run changes nothing', async () => {
  await using gcs = await startFakeGcs('status');
  const { stdout } = await setup(gcs, '--to', 'gs://status', '--public', '--dry-run');
  expect(stdout).toContain('gs://status: 5 settings would be changed.');
  expect({ settings: gcs.settings('status'), policy: gcs.policy('status') }).toMatchObject({
    settings: {},
    policy: { bindings: [] },
  });
});

test('--print asks nobody', async () => {
  await using gcs = await startFakeGcs();
  const { stdout } = await setup(gcs, '--to', 'gs://status', '--print');
  expect(stdout).toBe(
    `# cors.json and lifecycle.json take the place of rules that are there: add those to them.\n${byHand}`,
  );
  expect(gcs.calls).toEqual([]);
});

test('the outcome as JSON', async () => {
  await using gcs = await startFakeGcs('status');
  const { stdout } = await setup(gcs, '--to', 'gs://status', '--format', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    bucket: 'gs://status',
    dry_run: false,
    changes: [{ setting: 'website' }, { setting: 'cors' }, { setting: 'lifecycle' }, { setting: 'access' }],
    opened: false,
    warnings: [],
  });
});

test('by default it is the bucket of the settings', async () => {
  await using gcs = await startFakeGcs('status');
  await using root = await temporaryFolder();
  const lines = ['name: Shop', 'url: https://status.example.com', 'support_email: help@example.com'];
  await root.write('status.config.yml', [...lines, 'bucket: gs://status/page', ''].join('\n'));
  const { stdout } = await setup(gcs, '--root', root.path, '--dry-run');
  expect(stdout).toContain('page/404.html');
});

test('without any bucket, and with a folder, the way out is named', async () => {
  await using gcs = await startFakeGcs();
  await using root = await temporaryFolder();
  expect(await setup(gcs, '--root', root.path)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: Which bucket?\n  Give --to gs://BUCKET, or write `bucket:` into status.config.yml.\n',
  });
  expect(await setup(gcs, '--to', './dist')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: ./dist is no bucket.\n  Write it as gs://BUCKET; a folder needs no preparation.\n',
  });
});

test('a bucket that does not exist: how to make it', async () => {
  await using gcs = await startFakeGcs();
  const { code, stderr } = await setup(gcs, '--to', 'gs://status');
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringContaining('gcloud storage buckets create gs://status --uniform-bucket-level-access'),
  });
});

test.each([
  ['buckets.get', 'storage.buckets.get'],
  ['buckets.patch', 'storage.buckets.update'],
  ['buckets.setIamPolicy', 'storage.buckets.setIamPolicy'],
])('where the service refuses %s, the permission is named', async (refused, permission) => {
  await using gcs = await startFakeGcs('status');
  gcs.fault = ({ method }) => (method === refused ? { status: 403, message: 'Access denied.' } : undefined);
  const { code, stderr } = await setup(gcs, '--to', 'gs://status', '--public');
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(permission) });
});

test('a bucket that must never be public is not opened', async () => {
  await using gcs = await startFakeGcs('status');
  const settings = { iamConfiguration: { publicAccessPrevention: 'enforced' } };
  const patch = { method: 'PATCH', body: JSON.stringify(settings) };
  await fetch(`${gcs.apiEndpoint}/storage/v1/b/status`, patch);
  expect(await setup(gcs, '--to', 'gs://status', '--public')).toEqual({
    code: 3,
    stdout: '',
    stderr:
      'error: gs://status forbids that anybody reads it publicly, so nothing was changed.\n' +
      '  Where that is wanted: gcloud storage buckets update gs://status --no-public-access-prevention. Else leave --public out, and let a load balancer read it.\n',
  });
  expect(gcs.settings('status')).toEqual(settings);
});
