import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { type FakeGcs, type GcsFault, startFakeGcs } from '../../testing/fake-gcs.ts';
import { factOf, recordedOf, type StatePlace, stateStoreContract } from '../../testing/state-store-contract.ts';
import { recordFacts } from '../audit-log.ts';
import { Failure } from '../failure.ts';
import type { TargetTiming } from '../publish/target-timing.ts';
import { type BucketStateOptions, gcsState } from './gcs-state.ts';
import { StaleState, type StateStore } from './state-store.ts';

/** Time passes at once. */
const timing: TargetTiming = {
  longestRequestMs: 5000,
  sleep: async () => undefined,
  span: () => ({ over: async () => undefined }),
};

function storeIn(gcs: FakeGcs, more: Partial<BucketStateOptions> = {}): StateStore {
  const options = { apiEndpoint: gcs.apiEndpoint, publicOrigin: undefined, timing, ...more };
  return gcsState({ bucket: 'private', prefix: 'status/' }, options);
}

async function bucketPlace(): Promise<StatePlace> {
  const gcs = await startFakeGcs('private');
  const { apiEndpoint } = gcs;
  return {
    open: () => storeIn(gcs),
    options: ' --state gs://private/status',
    bytes: async (path) => gcs.object('private', `status/${path}`)?.bytes,
    damage: async (path, bytes) => {
      const name = encodeURIComponent(`status/${path}`);
      if (bytes === undefined) await fetch(`${apiEndpoint}/storage/v1/b/private/o/${name}`, { method: 'DELETE' });
      else {
        const body = new Uint8Array(Buffer.from(bytes));
        await fetch(`${apiEndpoint}/upload/storage/v1/b/private/o?uploadType=media&name=${name}`, {
          method: 'POST',
          body,
        });
      }
    },
    [Symbol.asyncDispose]: () => gcs[Symbol.asyncDispose](),
  };
}

stateStoreContract('a bucket', bucketPlace);

/** What was asked of the service since a certain call, without what only looks. */
function writesIn(gcs: FakeGcs): string[] {
  return gcs.calls
    .filter(({ method }) => method === 'objects.insert' || method === 'objects.delete')
    .map(({ method, name, query }) => `${method} ${name} ${query['ifGenerationMatch']}`);
}

test('every write names the generation that it replaces', async () => {
  await using gcs = await startFakeGcs('private');
  const store = storeIn(gcs);
  const version = await store.write('recorded', recordedOf(1), undefined);
  const first = gcs.object('private', 'status/recorded.json')?.generation;
  await store.write('recorded', recordedOf(2), version);
  const second = gcs.object('private', 'status/recorded.json')?.generation;
  await store.setAside('recorded', new Date('2026-11-20T10:00:00Z'));
  expect(writesIn(gcs)).toEqual([
    'objects.insert status/recorded.json 0',
    `objects.insert status/recorded.json ${first}`,
    'objects.insert status/set-aside/recorded-20261120T100000000Z.json 0',
    `objects.delete status/recorded.json ${second}`,
  ]);
});

test('no copy of the state is kept on the way', async () => {
  await using gcs = await startFakeGcs('private');
  await storeIn(gcs).write('recorded', recordedOf(1), undefined);
  expect(gcs.object('private', 'status/recorded.json')?.fields).toMatchObject({ cacheControl: 'private, no-store' });
});

test('what was read once is not sent again as long as it is the same', async () => {
  await using gcs = await startFakeGcs('private');
  const store = storeIn(gcs);
  await store.write('recorded', recordedOf(1), undefined);
  const before = gcs.calls.length;
  await store.read('recorded');
  await store.read('recorded');
  expect(gcs.calls.slice(before).map(({ method }) => method)).toEqual(['objects.get', 'objects.get']);
});

test.each([
  ['the connection broke', { broken: 'after' }],
  ['the service said 503', { status: 503, happened: true }],
] as const)('a write whose answer was lost was ours: %s', async (_name, fault) => {
  await using gcs = await startFakeGcs('private');
  let left = 1;
  gcs.fault = ({ method }) => (method === 'objects.insert' && left-- > 0 ? fault : undefined);
  const store = storeIn(gcs);
  const version = await store.write('recorded', recordedOf(1), undefined);
  expect(await store.read('recorded')).toEqual({ value: recordedOf(1), version });
});

test('a write whose answer was lost is not taken for the same bytes of somebody else', async () => {
  await using gcs = await startFakeGcs('private');
  const others = storeIn(gcs);
  let told: Promise<unknown> | undefined;
  gcs.fault = ({ method }) => {
    if (method !== 'objects.insert' || told !== undefined) return undefined;
    told = others.write('recorded', recordedOf(1), undefined);
    return { broken: 'before' };
  };
  const slow: TargetTiming = { ...timing, sleep: async () => void (await told) };
  const late = storeIn(gcs, { timing: slow }).write('recorded', recordedOf(1), undefined);
  await expect(late).rejects.toThrow(StaleState);
});

test('at most one write a second goes to one name', async () => {
  await using gcs = await startFakeGcs('private');
  const spans: string[] = [];
  const counting: TargetTiming = {
    ...timing,
    span: (ms) => ({ over: async () => void spans.push(`${ms} ms, ${writesIn(gcs).length} written`) }),
  };
  const store = storeIn(gcs, { timing: counting });
  const version = await store.write('recorded', recordedOf(1), undefined);
  await store.write('uptime', { components: [] }, undefined);
  await store.write('recorded', recordedOf(2), version);
  expect(spans).toEqual(['1000 ms, 2 written']);
});

/** What a run does: write a document, tell the audit log, write the document again. */
async function aRun(gcs: FakeGcs): Promise<string> {
  const store = storeIn(gcs);
  const version = await store.write('recorded', recordedOf(1), undefined);
  await recordFacts(store, [factOf(1)], new Date('2026-11-20T10:00:00Z'));
  await store.write('recorded', recordedOf(2), version);
  const files = gcs.names('private').map((name) => `${name} ${gcs.object('private', name)?.bytes.toString()}`);
  return files.join('\n');
}

test.each<[string, GcsFault]>([
  ['never arrives', { broken: 'before' }],
  ['loses its answer', { broken: 'after' }],
  ['is answered with 503 although it was done', { status: 503, happened: true }],
  ['comes too fast', { status: 429 }],
])('whichever call %s, the state is as without it', async (_name, fault) => {
  await using calm = await startFakeGcs('private');
  const expected = await aRun(calm);
  for (const { number } of calm.calls) {
    await using gcs = await startFakeGcs('private');
    gcs.fault = (call) => (call.number === number ? fault : undefined);
    expect({ number, files: await aRun(gcs) }).toEqual({ number, files: expected });
  }
});

test('a race that does not end is given up', async () => {
  await using gcs = await startFakeGcs('private');
  gcs.fault = ({ method }) => (method === 'objects.insert' ? { status: 412 } : undefined);
  const error = await failureOf(storeIn(gcs).write('recorded', recordedOf(1), undefined));
  expect([error.message, error.fix]).toEqual([
    'The state in gs://private/status was changed by others 50 times in a row.',
    'Run the command again when fewer jobs write there; `concurrency` in a workflow lets them take turns.',
  ]);
});

test('a bucket that everybody can read gets no state', async () => {
  await using gcs = await startFakeGcs('private');
  const store = storeIn(gcs, { publicOrigin: gcs.apiEndpoint });
  const error = await failureOf(store.write('recorded', recordedOf(1), undefined));
  expect([error.message, error.fix]).toEqual([
    'Everybody can read gs://private/status, so no state was written there: it names probes and people.',
    'Keep the state in a bucket of its own: gcloud storage buckets create gs://NAME --uniform-bucket-level-access --public-access-prevention',
  ]);
  await expect(store.appendLog(() => '{"entry":1}\n')).rejects.toThrow('Everybody can read gs://private/status');
  expect(gcs.names('private')).toEqual([]);
});

test.each([401, 403, 500])('a bucket that answers strangers with %i is private, and asked once', async (status) => {
  await using gcs = await startFakeGcs('private');
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const store = storeIn(gcs, { publicOrigin: `http://127.0.0.1:${port}` });
  const version = await store.write('recorded', recordedOf(1), undefined);
  await store.write('recorded', recordedOf(2), version);
  server.closeAllConnections();
  server.close();
  expect({ asked, names: gcs.names('private') }).toEqual({ asked: 1, names: ['status/recorded.json'] });
});

test('a bucket that does not exist is named, with how to make it', async () => {
  await using gcs = await startFakeGcs();
  const error = await failureOf(storeIn(gcs).read('recorded'));
  expect(error.message).toContain('the bucket gs://private does not exist.');
});

async function failureOf(attempt: Promise<unknown>): Promise<Failure> {
  const error: unknown = await attempt.catch((caught: unknown) => caught);
  if (error instanceof Failure) return error;
  throw new Error(`No failure: ${String(error)}`);
}
