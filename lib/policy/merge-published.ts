import type { PublishedState } from '../schema/state.ts';
import { isNewer } from './publish-plan.ts';

/** Of each target what the newer build left there: the other's generation is gone. */
export function mergePublished(ours: PublishedState, theirs: PublishedState): PublishedState {
  const targets = { ...theirs.targets };
  for (const [place, one] of Object.entries(ours.targets)) {
    const other = targets[place];
    if (other === undefined || !isNewer(other.edition, one.edition)) targets[place] = one;
  }
  return { targets };
}
