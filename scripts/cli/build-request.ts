import type { BuildRequest } from '../pipeline/build-site.ts';
import { cacheDirFor, engineDir } from '../pipeline/engine.ts';
import { readMeasurements } from '../pipeline/measurements.ts';
import type { Context } from './context.ts';
import { redactNamesOf } from './redact-names.ts';
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
