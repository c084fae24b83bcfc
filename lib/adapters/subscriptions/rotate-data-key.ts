import { newDataKey, SealFault } from '../../subscriptions/data-keys.ts';
import { resealed } from '../../subscriptions/subscriber-secrets.ts';
import { Failure } from '../failure.ts';
import { dataKeyPath, replaceDataKeyFile } from './data-key-file.ts';
import { dataKeysOf, dataKeyText, openManagedStore, type SubscriptionPlace } from './open-subscription-store.ts';

/** What came of a rotation: how many subscribers are under the key of this id now, and where that key is. */
export interface Rotation {
  readonly subscribers: number;
  readonly key: string;
  readonly kept: 'environment' | { readonly file: string };
}

/**
 * Put all subscribers under a new data key. One of the environment is the first of CANDOR_DATA_KEY, with the earlier one
 * after it; that of the folder's file is made here. It may be cut off at any moment and begun again.
 */
export async function rotateDataKey(place: SubscriptionPlace): Promise<Rotation> {
  const text = await dataKeyText(place);
  const before = dataKeysOf(text);
  const isFile = place.dataKey === undefined;
  if (!isFile && before.ids.length < 2) throw oneKey();
  const store = await openManagedStore(place, [before.id, ...before.ids.slice(1)]);
  try {
    // Where an earlier rotation was cut off the file has both keys, and that one is ended.
    const isBegun = before.ids.length > 1;
    const both = isFile && !isBegun ? `${newDataKey()},${text}` : text;
    if (both !== text) await replaceDataKeyFile(place.folder, both);
    const keys = dataKeysOf(both);
    const subscribers = await store.rekey(keys.id, (sealed) => resealed(keys, sealed)).catch(explain);
    if (isFile) await replaceDataKeyFile(place.folder, both.split(',')[0] ?? '');
    return { subscribers, key: keys.id, kept: isFile ? { file: dataKeyPath(place.folder) } : 'environment' };
  } finally {
    await store.close();
  }
}

function oneKey(): Failure {
  return new Failure('CANDOR_DATA_KEY holds one key, so there is no other one to change to.', {
    fix: 'Make one with `openssl rand -base64 32`, and set CANDOR_DATA_KEY to NEW,EARLIER.',
  });
}

function explain(error: unknown): never {
  if (!(error instanceof SealFault)) throw error;
  throw new Failure(`A subscriber cannot be opened, so nothing was changed. ${error.message}`, {
    fix: 'Set CANDOR_DATA_KEY to the new key and the one that was in use before.',
    cause: error,
  });
}
