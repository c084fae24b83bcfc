import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** The fake of a bucket service in a process of its own, so that its work is told from that of who is measured. */
export interface GcsProcess extends AsyncDisposable {
  readonly apiEndpoint: string;
  /** Seconds that all cores together worked for it so far. */
  readonly cpuSeconds: () => Promise<number>;
}

/** Start one with that bucket, whose answers take so long. */
export async function startGcsProcess(bucket: string, latencyMs: number): Promise<GcsProcess> {
  const child = fork(join(import.meta.dirname, 'gcs-server.ts'), [bucket, String(latencyMs)]);
  const [started] = await once(child, 'message');
  const { apiEndpoint } = Started.parse(started);
  return {
    apiEndpoint,
    cpuSeconds: async () => {
      child.send('how much work so far?');
      const [told] = await once(child, 'message');
      return Told.parse(told).cpuSeconds;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

const Started = z.object({ apiEndpoint: z.string() });
const Told = z.object({ cpuSeconds: z.number() });
