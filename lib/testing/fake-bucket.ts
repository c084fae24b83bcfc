import { openTarget } from '../adapters/publish/open-target.ts';
import type { PublishTarget } from '../adapters/publish/publish-target.ts';
import type { TargetTiming } from '../adapters/publish/target-timing.ts';
import { type FakeGcs, startFakeGcs } from './fake-gcs.ts';

/** A bucket of the fake, and what was waited for while it was used: nothing really. */
export interface FakeBucket extends AsyncDisposable {
  readonly gcs: FakeGcs;
  readonly bucket: string;
  readonly prefix: string;
  /** Waits in the order in which they were asked for, in milliseconds. */
  readonly waits: number[];
  readonly timing: TargetTiming;
  /** The target below the prefix, as another publisher would open it. */
  readonly open: () => PublishTarget;
  /** What a visitor reads who accepts no compression; `undefined` where there is nothing. */
  readonly visit: (path: string) => Promise<Buffer | undefined>;
  readonly plant: (path: string, text: string) => Promise<void>;
}

/** A service with one bucket, and a target below `prefix` of it (empty, or ending in a slash). */
export async function startFakeBucket(prefix = 'status/'): Promise<FakeBucket> {
  const bucket = 'status-example';
  const gcs = await startFakeGcs(bucket);
  const waits: number[] = [];
  const timing = timingWithout(waits);
  const at = (path: string) => `${encodeURIComponent(prefix)}${path.split('/').map(encodeURIComponent).join('/')}`;
  return {
    gcs,
    bucket,
    prefix,
    waits,
    timing,
    open: () => openTarget(`gs://${bucket}/${prefix}`, { apiEndpoint: gcs.apiEndpoint, timing }),
    visit: async (path) => {
      const answer = await fetch(`${gcs.apiEndpoint}/${bucket}/${at(path)}`, {
        headers: { 'accept-encoding': 'identity' },
      });
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
    },
    plant: async (path, text) => {
      const url = `${gcs.apiEndpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(prefix + path)}`;
      await fetch(url, { method: 'POST', body: text });
    },
    [Symbol.asyncDispose]: () => gcs[Symbol.asyncDispose](),
  };
}

/** A timing under which nothing takes time; what would have been waited for is written down. */
function timingWithout(waits: number[]): TargetTiming {
  return {
    longestRequestMs: 60_000,
    sleep: async (ms) => void waits.push(ms),
    span: (ms) => ({ over: async () => void waits.push(ms) }),
  };
}
