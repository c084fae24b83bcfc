import { noMeasurements } from '../lib/snapshot/observations.ts';
import { buildSite } from '../scripts/pipeline/build-site.ts';
import { engineDir } from '../scripts/pipeline/engine.ts';
import { madeContentNow } from './gen-content.ts';

/** One build with a cache of its own: `node bench/build-once.ts ROOT OUT CACHE`. */
const [root = '', out = '', cacheDir = ''] = process.argv.slice(2);
const { model, problems } = await buildSite({
  root,
  out,
  engineDir,
  cacheDir,
  now: new Date(madeContentNow),
  redactNames: [],
  measurements: noMeasurements,
});
if (model === undefined) throw new Error(JSON.stringify(problems.slice(0, 3)));
