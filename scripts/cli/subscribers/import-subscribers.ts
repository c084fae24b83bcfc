import { dataKeyPath, readDataKeyFile } from '../../../lib/adapters/subscriptions/data-key-file.ts';
import {
  dataKeysOf,
  openSubscriptionStore,
  type SubscriptionPlace,
} from '../../../lib/adapters/subscriptions/open-subscription-store.ts';
import type { StoredSubscriptions } from '../../../lib/schema/stored-subscription.ts';
import { type LineFault, readExport } from '../../../lib/subscriptions/exported-lines.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../errors.ts';
import { subscriptionPlaceOf } from '../subscription-place.ts';
import { inputName, readInput, standardInput } from '../text-input.ts';

/** Fill an empty store with an export; what came, as text or JSON. */
export async function importSubscribers(context: Context, file = standardInput): Promise<string> {
  const reading = readExport(await readInput(file));
  if (reading.kind === 'faults') throw refusedLines(inputName(file), reading.faults);
  const { content } = reading;
  const place = subscriptionPlaceOf(context);
  await mustHaveKey(place, content);
  const { store } = await openSubscriptionStore(place);
  try {
    if (!(await store.fill(content))) {
      throw new UsageError(
        `${store.place} is not empty, so nothing was imported.`,
        'Import into a new store: another folder by --state, or a database of its own after `candor migrate`.',
      );
    }
    return report(context, store.place, content);
  } finally {
    await store.close();
  }
}

/** A key that is made now would open nothing of what comes. */
async function mustHaveKey(place: SubscriptionPlace, { key }: StoredSubscriptions): Promise<void> {
  const text = place.dataKey ?? (await readDataKeyFile(place.folder));
  const found = text === undefined ? undefined : dataKeysOf(text).id;
  if (found === key) return;
  throw new UsageError(
    `The export is encrypted under the data key ${key}, and ${found === undefined ? 'there is none here' : `the one here is ${found}`}. Nothing was imported.`,
    `Set CANDOR_DATA_KEY to the key of the store that was exported, or bring its file to ${dataKeyPath(place.folder)}.`,
  );
}

const mostFaults = 20;

function refusedLines(name: string, faults: readonly LineFault[]): UsageError {
  const shown = faults.slice(0, mostFaults).map(({ line, message }) => `Line ${line} ${message}.`);
  if (faults.length > mostFaults) shown.push(`There are ${faults.length - mostFaults} more.`);
  return new UsageError(`${name} is no whole export, so nothing was imported.`, shown.join('\n'));
}

function report({ format }: Context, place: string, { subscribers, mails }: StoredSubscriptions): string {
  if (format === 'json') return `${JSON.stringify({ place, subscribers: subscribers.length, mails: mails.length })}\n`;
  return `Imported ${count(subscribers.length, 'subscriber')} and ${count(mails.length, 'mail')} that ${mails.length === 1 ? 'is' : 'are'} owed into ${place}.\n`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
