import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type FakeBucket, startFakeBucket } from '../../testing/fake-bucket.ts';
import type { GcsCall, GcsFault } from '../../testing/fake-gcs.ts';
import { publicFile } from '../../testing/publish-target-contract.ts';
import { openBucket } from './gcs-bucket.ts';

/** Google's table of what clients retry: instructions are carried out one after the other, at the calls that they are for. */
const Table = z.object({
  retryTests: z.array(
    z.object({
      id: z.number(),
      description: z.string(),
      cases: z.array(z.object({ instructions: z.array(z.string()) })),
      methods: z.array(z.object({ name: z.string(), group: z.string().optional() })),
      preconditionProvided: z.boolean(),
      expectSuccess: z.boolean(),
    }),
  ),
});

const kibibyte = 1024;
const large = randomBytes(9 * kibibyte * kibibyte);
const medium = large.subarray(0, 600 * kibibyte);

/** What we do that comes to the method, by the method's name, or by its group where it has one. */
const doings: Readonly<Record<string, (place: FakeBucket) => Promise<unknown>>> = {
  'storage.objects.list': (place) => place.open().list(),
  'storage.objects.get': (place) => place.open().stat('there.png'),
  'storage.objects.download': async (place) => {
    const read = await place.open().read('there.png');
    expect(Buffer.from(read?.bytes ?? []).equals(medium)).toBe(true);
  },
  'storage.objects.insert': (place) => place.open().put(publicFile('new.html', 'new'), undefined),
  'storage.resumable.upload': async (place) => {
    await place.open().put(publicFile('large.png', large), undefined);
    expect((await place.visit('large.png'))?.equals(large)).toBe(true);
  },
  'storage.objects.delete': (place) =>
    place.open().remove('there.png', place.gcs.object(place.bucket, 'status/there.png')?.generation ?? ''),
  'storage.buckets.get': (place) => bucketOf(place).settings(),
  'storage.buckets.patch': (place) => bucketOf(place).configure({ website: { mainPageSuffix: 'index.html' } }, '1'),
};

/** Methods that Candor never calls, and those without a precondition, of which it has none. */
const conditional = new Set(['storage.objects.insert', 'storage.objects.delete', 'storage.buckets.patch']);

function bucketOf({ gcs, bucket, timing }: FakeBucket) {
  return openBucket(bucket, { apiEndpoint: gcs.apiEndpoint, timing });
}

/** The fault that an instruction stands for, at this call; `undefined` where it waits for a later one. */
function faultOf(instruction: string, call: GcsCall): GcsFault | undefined {
  const [, after] = /-after-(\d+)K$/.exec(instruction) ?? [];
  const [, status] = /^return-(\d{3})/.exec(instruction) ?? [];
  if (instruction === 'return-reset-connection') return { broken: 'before' };
  if (instruction.startsWith('return-broken-stream')) {
    return call.method === 'objects.download' ? { cutAfterBytes: Number(after ?? 1) * kibibyte } : undefined;
  }
  if (after === undefined) return { status: Number(status) };
  return call.bytes > Number(after) * kibibyte
    ? { status: Number(status), cutAfterBytes: Number(after) * kibibyte }
    : undefined;
}

const corpora = process.env['CANDOR_CORPORA'];

test.skipIf(corpora === undefined)("Google's table of retries has eight scenarios (CANDOR_CORPORA names it)", () => {
  expect(scenarios().map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe.skipIf(corpora === undefined)("Google's table of retries (CANDOR_CORPORA names it)", () => {
  for (const scenario of scenarios()) {
    for (const { instructions } of scenario.cases) {
      for (const method of scenario.methods.flatMap(({ name, group }) =>
        doings[group ?? name] ? [group ?? name] : [],
      )) {
        const isOurs = scenario.preconditionProvided || !conditional.has(method) || scenario.id === 5;
        if (!isOurs) continue;
        test(`${scenario.id} ${scenario.description}: ${method} meets ${instructions.join(', ')}`, async () => {
          await carryOut(method, instructions, scenario.expectSuccess);
        });
      }
    }
  }
});

function scenarios(): z.infer<typeof Table>['retryTests'] {
  if (corpora === undefined) return [];
  return Table.parse(JSON.parse(readFileSync(join(corpora, 'gcs/retry_tests.json'), 'utf8'))).retryTests;
}

async function carryOut(method: string, instructions: readonly string[], expectSuccess: boolean): Promise<void> {
  await using place = await startFakeBucket();
  await place.open().put(publicFile('there.png', medium), undefined);
  const left = [...instructions];
  place.gcs.fault = (call) => {
    const [next] = left;
    const fault = next === undefined ? undefined : faultOf(next, call);
    if (fault !== undefined) left.shift();
    return fault;
  };
  const doing = doings[method]?.(place);
  if (expectSuccess) await doing;
  else await expect(doing).rejects.toThrow('gs://status-example');
  expect(left).toEqual([]);
}
