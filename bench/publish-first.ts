import { join } from 'node:path';
import { z } from 'zod';
import { filesAtOnce } from '../scripts/pipeline/publish-stages.ts';
import { startGcsProcess } from './gcs-process.ts';
import { madeContentNow } from './gen-content.ts';
import { measure, table } from './measure.ts';

const candor = join(import.meta.dirname, '..', 'scripts', 'candor.ts');
const Report = z.object({ outcome: z.literal('published'), uploaded: z.int() });

/**
 * The first publish of built pages, apart from their builds and with the service in a process of its own. The floor is what
 * the answers alone take, so many at once. Where the work of both sides comes near the floor times the cores, the machine
 * is what is measured. Returns what to print.
 */
export async function benchFirstPublish(
  roots: ReadonlyMap<number, string>,
  folder: string,
  latencyMs: number,
): Promise<string> {
  const rows: string[][] = [];
  for (const [incidents, root] of roots) rows.push(await firstPublish(incidents, root, { folder, latencyMs }));
  const heading = `first publish, ${latencyMs} ms an answer, ${filesAtOnce} at once`;
  const columns = ['build s', 'files', 'publish s', 'floor s', 'times', 'CPU s', 'CPU s of the service', 'peak MB'];
  return table([[heading, ...columns], ...rows]);
}

async function firstPublish(
  incidents: number,
  root: string,
  { folder, latencyMs }: { readonly folder: string; readonly latencyMs: number },
): Promise<string[]> {
  const dist = join(folder, `first-${incidents}`);
  const built = await measure([candor, 'build', '--root', root, '--out', dist, '--now', madeContentNow]);
  await using gcs = await startGcsProcess('status-first', latencyMs);
  const before = await gcs.cpuSeconds();
  const args = [candor, 'publish', '--root', root, '--from', dist, '--to', 'gs://status-first', '--format', 'json'];
  const done = await measure([...args, '--now', madeContentNow], { STORAGE_EMULATOR_HOST: gcs.apiEndpoint });
  const { uploaded } = Report.parse(JSON.parse(done.output));
  const floor = (Math.ceil(uploaded / filesAtOnce) * latencyMs) / 1000;
  return [
    `${incidents.toLocaleString('en')} incidents`,
    built.seconds.toFixed(1),
    uploaded.toLocaleString('en'),
    done.seconds.toFixed(1),
    floor.toFixed(1),
    (done.seconds / floor).toFixed(1),
    (done.cpuSeconds ?? Number.NaN).toFixed(1),
    ((await gcs.cpuSeconds()) - before).toFixed(1),
    (done.peakMb ?? Number.NaN).toFixed(0),
  ];
}
