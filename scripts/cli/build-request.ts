import type { BuildRequest } from '../pipeline/build-site.ts';
import { cacheDirFor, engineDir } from '../pipeline/engine.ts';
import type { IncrementalRequest } from '../pipeline/incremental-build.ts';
import { readMeasurements } from '../pipeline/measurements.ts';
import type { Context } from './context.ts';
import { redactNamesOf } from './redact-names.ts';
import { siteKeyOf } from './site-key.ts';
import { stateStoreOf } from './state-store.ts';

/** What to build to `out`, as the command line and its state have it at this moment. */
export async function buildRequestOf(context: Context, out: string): Promise<BuildRequest> {
  return {
    root: context.root,
    out,
    engineDir,
    cacheDir: cacheDirFor(context.root),
    now: context.now(),
    redactNames: redactNamesOf(context.env),
    measurements: await readMeasurements(stateStoreOf(context)),
  };
}

/** What to build for publishing, likewise. */
export async function incrementalRequestOf(context: Context): Promise<IncrementalRequest> {
  const { out: _, ...request } = await buildRequestOf(context, '');
  return { ...request, siteKey: () => siteKeyOf(stateStoreOf(context)) };
}
