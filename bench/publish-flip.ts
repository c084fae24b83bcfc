import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { startFakeGcs } from '../lib/testing/fake-gcs.ts';
import { writeContent } from './gen-content.ts';
import { measure, median, table } from './measure.ts';

const candor = join(import.meta.dirname, '..', 'scripts', 'candor.ts');
const latencyMs = 20;

/** From the end of the third failing probe to the new `current.json` in the bucket: two whole processes. Returns what to print. */
export async function benchFlip(folder: string, rounds: number): Promise<string> {
  await using gcs = await startFakeGcs('status-flip');
  gcs.latencyMs = latencyMs;
  let written = 0;
  gcs.fault = ({ method, name }) => {
    if (method === 'objects.insert' && name === 'current.json') written = performance.now() + latencyMs;
    return undefined;
  };
  const env = { STORAGE_EMULATOR_HOST: gcs.apiEndpoint };
  let [answered, works] = [0, true];
  const service = createServer((_request, response) => {
    response.writeHead(works ? 200 : 503).end(() => {
      answered = performance.now();
    });
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const root = join(folder, 'flip');
  const address = service.address();
  writeProbed(root, typeof address === 'object' && address !== null ? address.port : 0);
  const run = (...args: string[]) => measure([candor, ...args, '--root', root], env);
  const took: number[] = [];
  try {
    await run('publish', '--to', 'gs://status-flip');
    for (let round = 0; round < rounds; round += 1) {
      works = true;
      for (let pass = 0; pass < 2; pass += 1) await run('probe');
      await run('publish', '--snapshot', '--to', 'gs://status-flip');
      works = false;
      for (let failure = 0; failure < 3; failure += 1) await run('probe');
      await run('publish', '--snapshot', '--to', 'gs://status-flip');
      took.push(written - answered);
    }
  } finally {
    service.close();
  }
  return table([
    ['the third failing probe to the new current.json', 'ms'],
    [`${latencyMs} ms an answer of the bucket`, median(took).toFixed(0)],
  ]);
}

function writeProbed(root: string, port: number): void {
  writeContent(root, { incidents: 100, seed: 7 });
  const settings = 'url: https://status.example.com\nsupport_email: help@example.com\nallow_private_targets: true\n';
  writeFileSync(join(root, 'status.config.yml'), `name: Bench Commerce\n${settings}`);
  mkdirSync(join(root, 'probes'));
  const probe = `component: payments\nkind: http\nurl: http://127.0.0.1:${port}/\n`;
  writeFileSync(join(root, 'probes', 'payments.yml'), probe);
}
