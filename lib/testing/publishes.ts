import type { PublishTarget } from '../adapters/publish/publish-target.ts';
import type { Edition } from '../schema/publish.ts';
import { hashesOf, type SmallSite } from './small-site.ts';

/** What a publish in a test is given; the rest is as the command would have it. */
export interface Given {
  readonly target: PublishTarget;
  readonly site: SmallSite;
  readonly edition: Edition;
  readonly now: Date;
  readonly id: string;
}

/** A publish of a small page, as the executor takes it. */
export function publishOf({ site, ...given }: Given) {
  const source = {
    site: '',
    incidents: [],
    files: hashesOf(site),
    bytes: async (path: string) => new TextEncoder().encode(site.get(path)),
  };
  return {
    ...given,
    makeSource: async () => source,
    gate: () => [],
    placeholder: () => new TextEncoder().encode('{"snapshot":"none yet"}'),
    elapsedMs: () => 0,
    adopt: false,
    replaceNewer: false,
    repair: false,
    dryRun: false,
  };
}

/** The public files of a target as text, in the order of their paths. */
export function publicFiles(objects: ReadonlyMap<string, { readonly bytes: Uint8Array }>): Record<string, string> {
  const files = Array.from(objects, ([path, { bytes }]) => [path, new TextDecoder().decode(bytes)] as const);
  return Object.fromEntries(files.filter(([path]) => !path.startsWith('.candor/')).toSorted());
}
