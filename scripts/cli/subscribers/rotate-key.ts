import { rotateDataKey } from '../../../lib/adapters/subscriptions/rotate-data-key.ts';
import type { Context } from '../context.ts';
import { subscriptionPlaceOf } from '../subscription-place.ts';

/** Put all subscribers under a new key; what was done and what remains to do, as text or JSON. */
export async function rotateKey(context: Context): Promise<string> {
  const { subscribers, key, kept } = await rotateDataKey(subscriptionPlaceOf(context));
  if (context.format === 'json') return `${JSON.stringify({ key, subscribers })}\n`;
  const all = `${subscribers.toLocaleString('en')} subscriber${subscribers === 1 ? '' : 's'}`;
  const next =
    kept === 'environment'
      ? 'Set CANDOR_DATA_KEY to the new key alone, everywhere, before anything is started again.'
      : `The new key is in ${kept.file}; keep a copy.`;
  return `Put ${all} under the data key ${key}.\n${next}\n`;
}
