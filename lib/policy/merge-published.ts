import type { PublishedState } from '../schema/state.ts';
import { isNewer } from './publish-plan.ts';

/** Of each target what the newer build left there: the other's generation is gone. Of two keys both sides keep the same. */
export function mergePublished(ours: PublishedState, theirs: PublishedState): PublishedState {
  const targets = { ...theirs.targets };
  for (const [place, one] of Object.entries(ours.targets)) {
    const other = targets[place];
    if (other === undefined || !isNewer(other.edition, one.edition)) targets[place] = one;
  }
  const [key] = [ours.site_key, theirs.site_key].flatMap((one) => one ?? []).toSorted();
  return { ...(key === undefined ? {} : { site_key: key }), targets };
}
