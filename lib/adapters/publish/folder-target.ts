import type { PublishTarget } from './publish-target.ts';

/** Publish into an absolute folder of this machine. */
export function folderTarget(folder: string): PublishTarget {
  throw new Error(`not yet: ${folder}`);
}
