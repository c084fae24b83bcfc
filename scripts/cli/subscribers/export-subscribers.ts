import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readSubscriptions } from '../../../lib/adapters/subscriptions/open-subscription-store.ts';
import { exportedLines } from '../../../lib/subscriptions/exported-lines.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../errors.ts';
import { sealedPlaceOf } from '../subscription-place.ts';

/** Print everything that the store knows as JSON lines. */
export async function exportSubscribers(context: Context): Promise<void> {
  const place = sealedPlaceOf(context);
  const content = await readSubscriptions(place);
  if (content === undefined) {
    const where = place.databaseUrl === undefined ? place.folder : 'the database';
    throw new UsageError(
      `Nobody ever subscribed in ${where}, so there is nothing to export.`,
      'Name the state that the endpoint uses by --state, or its database by DATABASE_URL.',
    );
  }
  await pipeline(Readable.from(exportedLines(content)), process.stdout, { end: false });
}
