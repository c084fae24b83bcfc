import type { StoredSubscriptions } from '../../schema/stored-subscription.ts';
import { type DataKeys, readDataKeys } from '../../subscriptions/data-keys.ts';
import { counts } from '../../subscriptions/store/counting.ts';
import { StoreState } from '../../subscriptions/store/store-state.ts';
import { everythingIn } from '../../subscriptions/store/stored-records.ts';
import type { ManagedStore, SubscriptionHousekeeping } from '../../subscriptions/subscription-archive.ts';
import type { SubscriberCounts } from '../../subscriptions/subscription-store.ts';
import { Failure } from '../failure.ts';
import { dataKeyPath, isExposed, makeDataKeyFile, readDataKeyFile } from './data-key-file.ts';
import { lookIntoFile, manySubscribers, openFileSubscriptions } from './file-subscriptions.ts';
import type { KeyIds } from './key-ids.ts';

/** Where subscribers are kept, and the key to them. */
export interface SubscriptionPlace {
  /** The folder of the file, where there is no database. */
  readonly folder: string;
  /** `DATABASE_URL`. */
  readonly databaseUrl?: string | undefined;
  /** `CANDOR_DATA_KEY`: keys as text, the one in use first. */
  readonly dataKey?: string | undefined;
}

/** A store that is open, the keys to what is sealed in it, and what its operator should be told. */
export interface OpenedSubscriptions {
  readonly store: ManagedStore;
  readonly keys: DataKeys;
  readonly notices: readonly string[];
}

/** Open the store under the key in use; the file and its key are made where there is none. */
export async function openSubscriptionStore(place: SubscriptionPlace): Promise<OpenedSubscriptions> {
  const keys = dataKeysOf(await dataKeyText(place));
  const store = await openManagedStore(place, [keys.id]);
  try {
    return { store, keys, notices: await noticesOf(place, store) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Open the store under whichever of these keys it is. */
export async function openManagedStore(
  { folder, databaseUrl }: SubscriptionPlace,
  keys: KeyIds,
): Promise<ManagedStore> {
  if (databaseUrl === undefined) return openFileSubscriptions(folder, keys);
  return (await postgres()).openPostgresSubscriptions(databaseUrl, keys);
}

/** What forgets who did not confirm, for which no key is needed; `undefined` where nobody ever subscribed. */
export async function openHousekeeping({
  folder,
  databaseUrl,
}: SubscriptionPlace): Promise<SubscriptionHousekeeping | undefined> {
  if (databaseUrl !== undefined) return (await postgres()).keepPostgres(databaseUrl);
  const state = await lookIntoFile(folder);
  return state === undefined ? undefined : openFileSubscriptions(folder, [state.key]);
}

/** How many there are, also while another process has the file. */
export async function countSubscribers(
  place: SubscriptionPlace,
  components: readonly string[],
): Promise<SubscriberCounts> {
  if (place.databaseUrl === undefined)
    return counts((await lookIntoFile(place.folder)) ?? new StoreState(), components);
  const store = await (await postgres()).keepPostgres(place.databaseUrl);
  try {
    return await store.counts(components);
  } finally {
    await store.close();
  }
}

/** Everything, as of one moment, also while another process has the file; `undefined` where nobody ever subscribed. */
export async function readSubscriptions(place: SubscriptionPlace): Promise<StoredSubscriptions | undefined> {
  if (place.databaseUrl === undefined) {
    const state = await lookIntoFile(place.folder);
    return state === undefined ? undefined : everythingIn(state);
  }
  const store = await (await postgres()).keepPostgres(place.databaseUrl);
  try {
    return await store.everything();
  } finally {
    await store.close();
  }
}

/** The data keys that a text says; a `Failure` that quotes nothing of it where it says none. */
export function dataKeysOf(text: string): DataKeys {
  const reading = readDataKeys(text);
  if (reading.kind === 'keys') return reading.keys;
  throw new Failure(`The data key ${reading.reason}.`, {
    fix: 'Set CANDOR_DATA_KEY, or repair the file data-key beside the subscribers.',
  });
}

/** The keys as text: those of the environment, else those of the file, which is made where nobody has subscribed yet. */
export async function dataKeyText({ folder, databaseUrl, dataKey }: SubscriptionPlace): Promise<string> {
  if (dataKey !== undefined) return dataKey;
  if (databaseUrl !== undefined) {
    throw new Failure(
      'DATABASE_URL is set, and CANDOR_DATA_KEY is not: the key to the addresses must not lie on one machine alone.',
      {
        fix: `Set CANDOR_DATA_KEY to what \`openssl rand -base64 32\` prints, the same on every machine, and keep a copy. Subscribers who come from a file need the key in ${dataKeyPath(folder)}.`,
      },
    );
  }
  const kept = await readDataKeyFile(folder);
  if (kept !== undefined) return kept;
  if ((await lookIntoFile(folder)) === undefined) return makeDataKeyFile(folder);
  throw new Failure(`There are subscribers in ${folder}, but the key to their addresses is gone.`, {
    fix: `Bring ${dataKeyPath(folder)} back, or set CANDOR_DATA_KEY to it.`,
  });
}

async function noticesOf({ folder, databaseUrl, dataKey }: SubscriptionPlace, store: ManagedStore): Promise<string[]> {
  if (databaseUrl !== undefined) return [];
  const { confirmed, unconfirmed, suspended } = await store.counts([]);
  const all = confirmed + unconfirmed + suspended;
  const notices: string[] = [];
  if (all >= manySubscribers) {
    notices.push(
      `${all.toLocaleString('en')} subscribers are more than a file serves well: every change writes all of it. Move to PostgreSQL: docs/subscribers.md says how.`,
    );
  }
  if (dataKey === undefined && (await isExposed(folder))) {
    notices.push(
      `${dataKeyPath(folder)} can be read by other users of this machine. Run: chmod 600 ${dataKeyPath(folder)}`,
    );
  }
  return notices;
}

/** Loaded when there is a database: the scheduled jobs install without its driver. */
async function postgres() {
  try {
    return await import('./postgres/postgres-subscriptions.ts');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    throw new Failure('DATABASE_URL is set, but the driver of PostgreSQL is not installed here.', {
      fix: 'Install with `npm ci`, without --omit=peer; or leave DATABASE_URL out of this job.',
      cause,
    });
  }
}
