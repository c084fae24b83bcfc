import { recordFacts } from '../../lib/adapters/audit-log.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { BrokenState } from '../../lib/adapters/state/state-store.ts';
import { nearest } from '../../lib/content/nearest.ts';
import { discardedFact, documentHistory } from '../../lib/policy/state-history.ts';
import { type StateName, stateNames } from '../../lib/schema/state.ts';
import { UsageError } from './errors.ts';

/** The document of that name; an error with the nearest one where there is none. */
export function parseStateName(name: string): StateName {
  const found = stateNames.find((one) => one === name);
  if (found !== undefined) return found;
  const like = nearest(name, stateNames);
  const fix = like === undefined ? `They are ${stateNames.join(', ')}.` : `Did you mean ${like}?`;
  throw new UsageError(`The state has no document ${JSON.stringify(name)}.`, fix);
}

/**
 * Put a document out of the way and tell the audit log, so that it may be missing from then on. Resolves to where it is
 * now; `undefined` where it was gone already, and only the log had to be told.
 */
export async function discardDocument(
  store: StateStore,
  name: StateName,
  { who, now }: { readonly who: string; readonly now: Date },
): Promise<string | undefined> {
  const place = await setAsideIfThere(store, name, now);
  await recordFacts(store, [discardedFact(await store.readLog(), name, who, place)], now);
  return place;
}

async function setAsideIfThere(store: StateStore, name: StateName, now: Date): Promise<string | undefined> {
  try {
    return await store.setAside(name, now);
  } catch (error) {
    if (!(error instanceof BrokenState)) throw error;
    if (documentHistory(await store.readLog()).get(name)?.present === true) return undefined;
    throw new UsageError(`There is no ${name}.json in ${store.place}.`, 'Nothing has to be discarded.');
  }
}
