import type { Snapshot } from '../schema/snapshot.ts';

/**
 * What a page of this snapshot has words for, as one word: the newest update of each open incident. Where it changes, the
 * words of a page that was made before are out of date.
 */
export const contentsOf = ({ open_incidents }: Snapshot): string =>
  open_incidents.map(({ updates }) => updates[0]?.at).join();
