import { randomBytes } from 'node:crypto';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { untilFresh } from '../pipeline/fold-into-state.ts';

/**
 * The random key of this page, from its state; made where there is none yet. It goes into what a publish tells the public of
 * the words that are redacted, so that nobody who guesses at them can see whether he is right.
 */
export function siteKeyOf(store: StateStore): Promise<string> {
  return untilFresh(async () => {
    const stored = await store.read('published');
    if (stored?.value.site_key !== undefined) return stored.value.site_key;
    const key = newSiteKey();
    await store.write('published', { targets: {}, ...stored?.value, site_key: key }, stored?.version);
    return key;
  });
}

/** A key for a page that has none yet. */
export function newSiteKey(): string {
  return randomBytes(32).toString('hex');
}
