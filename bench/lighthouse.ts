import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import lighthouse, { desktopConfig } from 'lighthouse';
import { noMeasurements } from '../lib/snapshot/observations.ts';
import { launchBrowser } from '../lib/testing/browser.ts';
import { serveFolder } from '../lib/testing/folder-server.ts';
import { buildSite } from '../scripts/pipeline/build-site.ts';
import { cacheDirFor, engineDir } from '../scripts/pipeline/engine.ts';

/** `node bench/lighthouse.ts [--root DIR] [--now ISO]`: Lighthouse's four scores of the front page, as a telephone and as a desk sees it. */
const { values } = parseArgs({
  options: { root: { type: 'string', default: engineDir }, now: { type: 'string', default: new Date().toISOString() } },
});
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];

const metrics = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
];

const folder = await mkdtemp(join(tmpdir(), 'candor-lighthouse-'));
try {
  await build(folder);
  const server = await serveFolder(folder);
  const port = await freePort();
  const browser = await launchBrowser([`--remote-debugging-port=${port}`]);
  await measure('mobile', `${server.origin}/`, port, undefined);
  await measure('desktop', `${server.origin}/`, port, desktopConfig);
  await browser.close();
  await server.close();
} catch (error) {
  process.stdout.write(`Lighthouse cannot run here: ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function build(out: string): Promise<void> {
  const root = resolve(values.root);
  const request = { root, out, engineDir, cacheDir: cacheDirFor(root), now: new Date(values.now) };
  const { model } = await buildSite({ ...request, redactNames: [], measurements: noMeasurements });
  if (model === undefined) throw new Error('the content does not pass `candor check`.');
}

async function measure(name: string, url: string, port: number, config: typeof desktopConfig | undefined) {
  const result = await lighthouse(url, { port, onlyCategories: categories, logLevel: 'error' }, config);
  if (result === undefined) throw new Error(`there is no result for ${url}.`);
  const { lhr } = result;
  const scores = categories.map((id) => `${id} ${Math.round(100 * (lhr.categories[id]?.score ?? 0))}`);
  const timings = metrics.map((id) => `${lhr.audits[id]?.title} ${lhr.audits[id]?.displayValue}`);
  process.stdout.write(`${name}: ${scores.join(', ')}\n  ${timings.join(', ')}\n`);
  for (const { score, scoreDisplayMode, title } of Object.values(lhr.audits)) {
    if (scoreDisplayMode === 'binary' && score === 0) process.stdout.write(`  not met: ${title}\n`);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free.');
  return address.port;
}
