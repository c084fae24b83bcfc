import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { noMeasurements } from '../lib/snapshot/observations.ts';
import { buildSite } from '../scripts/pipeline/build-site.ts';
import { engineDir } from '../scripts/pipeline/engine.ts';
import { table } from './measure.ts';

const limit = 14 * 1024;

/** What a visitor loads to see the sample's front page, compressed. Returns what to print. */
export async function benchFrontPage(folder: string): Promise<string> {
  const out = join(folder, 'sample');
  rmSync(out, { recursive: true, force: true });
  await buildSite({
    root: engineDir,
    out,
    engineDir,
    cacheDir: join(folder, 'cache'),
    now: new Date(),
    redactNames: [],
    measurements: noMeasurements,
  });
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  const loaded = ['index.html', ...new Set(assetsOf(html))];
  const sizes = loaded.map((path) => gzipSync(readFileSync(join(out, path)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const rows = loaded.map((path, index) => [path, String(sizes[index])]);
  const verdict = `${total} of at most ${limit} bytes: ${total <= limit ? 'within' : 'TOO LARGE'}.\n`;
  return table([['front page of the sample', 'bytes, gzip'], ...rows]) + verdict;
}

/** Styles, scripts, icons and images of a page, relative to the folder. */
function assetsOf(html: string): string[] {
  const found = html.matchAll(/<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*? (?:href|src)="([^"]+)"/g);
  const links = Array.from(found, ([, link = '']) => new URL(link, 'https://page.invalid/').pathname.slice(1));
  return links.filter((path) => path !== '');
}
