import { expect, test } from 'vitest';
import { type FakeBucket, startFakeBucket } from '../../testing/fake-bucket.ts';
import type { GcsFault } from '../../testing/fake-gcs.ts';
import { publicFile } from '../../testing/publish-target-contract.ts';
import { Failure } from '../failure.ts';
import { openBucket } from './gcs-bucket.ts';
import { failureOf, faultOf } from './gcs-errors.ts';
import { openTarget } from './open-target.ts';
import type { PublishTarget } from './publish-target.ts';

const network =
  'Check the network, and https://status.cloud.google.com. Then run the command again: it goes on where this one stopped.';
const signIn =
  'On your machine: gcloud auth application-default login. In a workflow: Workload Identity Federation, as docs/publish.md describes.';
const objectRole =
  'Names of buckets are taken world-wide, so check that gs://status-example is yours. Then grant the account roles/storage.objectUser on it, as docs/publish.md describes.';
const page = publicFile('index.html', 'secret draft');

async function whatIsSaid(work: Promise<unknown>): Promise<{ message: string; fix: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error ?? new Error('Nothing went wrong.');
  return { message: error.message, fix: error.fix };
}

async function saidAfter(fault: GcsFault, work: (target: PublishTarget) => Promise<unknown>) {
  await using place = await startFakeBucket();
  place.gcs.fault = () => fault;
  return await whatIsSaid(work(place.open()));
}

test.each([
  [
    'written for the first time',
    'could not be written',
    'storage.objects.create',
    (target: PublishTarget) => target.put(page, undefined),
  ],
  [
    'replaced',
    'could not be written',
    'storage.objects.create and .delete',
    (target: PublishTarget) => target.put(page, '1'),
  ],
  [
    'deleted',
    'could not be deleted',
    'storage.objects.delete',
    (target: PublishTarget) => target.remove('index.html', '1'),
  ],
  ['read', 'could not be looked up', 'storage.objects.get', (target: PublishTarget) => target.read('index.html')],
])(
  'an object that may not be %s is named, with the permission that is missing',
  async (_what, did, permission, work) => {
    expect(await saidAfter({ status: 403 }, work)).toEqual({
      message: `gs://status-example/status/index.html ${did}: this account lacks ${permission} there, or the bucket is somebody else's (403).`,
      fix: objectRole,
    });
  },
);

test('a bucket that may not be listed is named, with the permission that is missing', async () => {
  expect(await saidAfter({ status: 403 }, (target) => target.list())).toEqual({
    message:
      "gs://status-example/status/ could not be listed: this account lacks storage.objects.list there, or the bucket is somebody else's (403).",
    fix: objectRole,
  });
});

test('the permission that the service names is the one that is named', async () => {
  const message = 'robot@example.iam.gserviceaccount.com does not have storage.objects.delete access to the object.';
  const said = await saidAfter({ status: 403, message }, (target) => target.put(page, '1'));
  expect(said.message).toBe(
    "gs://status-example/status/index.html could not be written: this account lacks storage.objects.delete there, or the bucket is somebody else's (403).",
  );
});

test.each([
  ['list', (target: PublishTarget) => target.list(), 'gs://status-example/status/ could not be listed'],
  [
    'write',
    (target: PublishTarget) => target.put(page, undefined),
    'gs://status-example/status/index.html could not be written',
  ],
  [
    'look up',
    (target: PublishTarget) => target.stat('index.html'),
    'gs://status-example/status/index.html could not be looked up',
  ],
])('a bucket that does not exist is named by who wants to %s', async (_what, work, what) => {
  await using place = await startFakeBucket();
  place.gcs.dropBucket(place.bucket);
  expect(await whatIsSaid(work(place.open()))).toEqual({
    message: `${what}: the bucket gs://status-example does not exist.`,
    fix: 'Check its name, or create it: gcloud storage buckets create gs://status-example --uniform-bucket-level-access.',
  });
});

test('who is not signed in reads how to sign in', async () => {
  expect(await saidAfter({ status: 401 }, (target) => target.put(page, undefined))).toEqual({
    message: 'gs://status-example/status/index.html could not be written: the service does not know who is asking.',
    fix: signIn,
  });
});

test('trouble that does not pass is told after six attempts', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) => (call.method === 'objects.insert' ? { status: 503 } : undefined);
  expect(await whatIsSaid(place.open().put(page, undefined))).toEqual({
    message:
      'gs://status-example/status/index.html could not be written: the service answers with 503, again and again.',
    fix: network,
  });
  expect(place.gcs.calls.map(({ method }) => method)).toEqual([...Array(6).fill('objects.insert'), 'objects.get']);
  expect(place.waits).toHaveLength(5);
});

test('a service that nobody answers for is told', async () => {
  const place = await startFakeBucket();
  await place[Symbol.asyncDispose]();
  expect(await whatIsSaid(place.open().put(page, undefined))).toEqual({
    message:
      'gs://status-example/status/index.html could not be written: the service cannot be reached (ECONNREFUSED).',
    fix: network,
  });
});

test('a service that takes a request and says nothing is not waited for for ever', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = () => ({ silent: 'before' });
  expect(await whatIsSaid(impatient(place).list())).toEqual({
    message: 'gs://status-example/status/ could not be listed: there was no answer in time.',
    fix: network,
  });
});

test('a write whose answer never comes, but which was done, is a write', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = (call) => (call.number === 1 ? { silent: 'after' } : undefined);
  expect((await impatient(place).put(page, undefined)).kind).toBe('written');
});

function impatient({ gcs, bucket, prefix, timing }: FakeBucket): PublishTarget {
  const hurry = { ...timing, longestRequestMs: 100 };
  return openTarget(`gs://${bucket}/${prefix}`, { apiEndpoint: gcs.apiEndpoint, timing: hurry });
}

test('what the service refuses as invalid is told with its number', async () => {
  expect(await saidAfter({ status: 400 }, (target) => target.list())).toEqual({
    message: 'gs://status-example/status/ could not be listed: the service calls the request invalid (400).',
    fix: 'Check the name of the bucket and the names of the files. With --debug the reason that it gives is shown.',
  });
});

test('a bucket whose settings may not be read or changed is named', async () => {
  await using place = await startFakeBucket();
  place.gcs.fault = () => ({ status: 403 });
  const bucket = openBucket(place.bucket, { apiEndpoint: place.gcs.apiEndpoint, timing: place.timing });
  const fix = objectRole.replace('objectUser', 'admin');
  expect(await whatIsSaid(bucket.settings())).toEqual({
    message:
      "gs://status-example could not be looked up: this account lacks storage.buckets.get there, or the bucket is somebody else's (403).",
    fix,
  });
  expect(await whatIsSaid(bucket.configure({}, '1'))).toEqual({
    message:
      "gs://status-example could not be set up: this account lacks storage.buckets.update there, or the bucket is somebody else's (403).",
    fix,
  });
});

const doing = {
  on: 'gs://status-example/index.html',
  what: 'could not be written',
  permission: 'storage.objects.create',
  bucket: 'gs://status-example',
};

test.each([
  ['Could not load the default credentials. Browse to https://cloud.google.com/docs.', signIn],
  ['invalid_grant: Token has been expired or revoked.', signIn],
  [
    'invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    'Set the clock of this machine; it is off by more than a few minutes.',
  ],
])('%s', (text, fix) => {
  expect(failureOf(new Error(text), doing).fix).toBe(fix);
});

test.each(['The file at /k/s3cret.json does not exist, or it is not a file. ENOENT', 'Unexpected token in "s3cret"'])(
  'a file of credentials that cannot be used is told, and neither tried again nor quoted: %s',
  (why) => {
    const error = new Error(
      `Unable to read the credential file specified by the GOOGLE_APPLICATION_CREDENTIALS environment variable: ${why}`,
    );
    const { message, fix, stack, cause } = failureOf(error, doing);
    expect(message).toBe(
      'gs://status-example/index.html could not be written: the credentials file that GOOGLE_APPLICATION_CREDENTIALS names is missing, cannot be read, or holds no credentials.',
    );
    expect(fix).toBe(
      'Correct the path in GOOGLE_APPLICATION_CREDENTIALS, or let this user read the file; or unset the variable, and sign in with gcloud auth application-default login.',
    );
    expect(`${stack} ${cause}`).not.toContain('s3cret');
    expect(faultOf(error)).toEqual({ kind: 'refused' });
  },
);

test('what the library quotes of answers, tokens and addresses of uploads is shown nowhere', () => {
  const secret = 'ya29.token https://storage.googleapis.com/upload?upload_id=AAA <html>secret</html>';
  const error = Object.assign(new Error(secret), {
    code: 502,
    errors: [{ reason: secret }],
    response: { data: secret },
  });
  const failure = failureOf(error, doing);
  const all = `${failure.stack} ${failure.fix} ${failure.cause instanceof Error ? failure.cause.stack : failure.cause}`;
  expect(all).not.toMatch(/ya29|upload_id|secret/);
  expect(failure.cause).toEqual(new Error('Google Cloud Storage: 502'));
});

test.each(['gs://', 'gs://Upper', 'gs://bucket//x', 'gs://bucket/a/../b', 'gs:/bucket', 'gs://bu cket'])(
  '%s is no address of a bucket',
  async (address) => {
    expect(await whatIsSaid(Promise.resolve().then(() => openTarget(address, { apiEndpoint: undefined })))).toEqual({
      message: `${address} is no address of a bucket.`,
      fix: 'Write gs://BUCKET or gs://BUCKET/PREFIX: the name of the bucket in small letters, and no empty part in the prefix.',
    });
  },
);
