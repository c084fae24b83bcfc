import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { openTarget } from '../../lib/adapters/publish/open-target.ts';
import type { PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import { configPath, readConfigFile } from '../../lib/content/config-file.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import { bucketOptionsOf } from './bucket-options.ts';
import type { Context } from './context.ts';
import { ProblemsFound, UsageError } from './errors.ts';

/** The settings of the root; `undefined` where there are none; an error where they cannot be read. */
export async function settingsOf({ root }: Context): Promise<StatusConfig | undefined> {
  const bytes = await bytesAt(join(root, configPath));
  if (bytes === undefined) return undefined;
  const { config, problems } = readConfigFile({ path: configPath, bytes });
  if (config !== undefined) return config;
  throw new ProblemsFound('Nothing was published, because the settings cannot be read:', problems);
}

/** Where to publish to: `--to`, or else the bucket of the settings. */
export function targetOf(
  context: Context,
  { to, from }: { readonly to?: string | undefined; readonly from?: string | undefined },
  config: StatusConfig | undefined,
): PublishTarget {
  const address = to ?? config?.bucket;
  if (address === undefined) {
    throw new UsageError(
      'It is not said where to publish to.',
      'Give --to gs://BUCKET/PREFIX or a folder, or set `bucket` in status.config.yml.',
    );
  }
  const isBucket = address.startsWith('gs:');
  if (!isBucket && /^[A-Za-z][A-Za-z0-9+.-]*:[/\\]/.test(address)) throw otherKind(address);
  const place = isBucket ? address : resolve(address);
  if (!isBucket && from !== undefined && overlap(place, resolve(from))) {
    throw new UsageError(
      `${place} and ${resolve(from)} lie within each other.`,
      'Publish to a folder beside the one that was built.',
    );
  }
  if (!isBucket && overlap(place, context.root)) refuseRoot(place, context.root);
  return openTarget(place, isBucket ? bucketOptionsOf(context) : { apiEndpoint: undefined });
}

/** Nobody who writes the address of a service means a folder of that name. */
function otherKind(address: string): UsageError {
  return new UsageError(
    `${address} is no place that Candor publishes to.`,
    'Write gs://BUCKET/PREFIX, or the path of a folder.',
  );
}

/** A folder within the content may be published to; the content itself, or what it lies in, may not. */
function refuseRoot(place: string, root: string): void {
  if (place !== root && !isWithin(root, place)) return;
  throw new UsageError(`${place} holds the content of the page.`, 'Publish to another folder.');
}

function overlap(a: string, b: string): boolean {
  return a === b || isWithin(a, b) || isWithin(b, a);
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

async function bytesAt(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
