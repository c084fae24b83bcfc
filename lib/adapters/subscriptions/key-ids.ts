import { Failure } from '../failure.ts';

/** Ids of data keys, the one in use first. */
export type KeyIds = readonly [string, ...string[]];

/** Throws where a store is encrypted under none of the keys. */
export function mustBeUnder(place: string, found: string, [inUse, ...others]: KeyIds): void {
  if (found === inUse || others.includes(found)) return;
  throw new Failure(
    `The subscribers in ${place} are encrypted under the data key ${found}, and the one in use is ${inUse}.`,
    {
      fix: 'Put the earlier key back; or set CANDOR_DATA_KEY to both, the new one first and a comma between, and run `candor subscribers rotate`.',
    },
  );
}
