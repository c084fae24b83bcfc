import type { PublicIncident, Snapshot } from '../../lib/schema/snapshot.ts';
import { maxRecentIncidents } from '../../lib/snapshot/limits.ts';
import { lastDays } from './time.ts';

/** A part of the recent history: a day with its incidents, or a stretch of days on which none began. */
export type RecentEntry =
  | { readonly kind: 'day'; readonly date: string; readonly incidents: readonly PublicIncident[] }
  | { readonly kind: 'quiet'; readonly first: string; readonly last: string };

/**
 * The last `days` days (UTC), newest first, an incident on the day on which it began; quiet days in a row are one entry.
 * It ends earlier where the snapshot tells of no more incidents: of days before that it cannot say that they were quiet.
 */
export function recentHistory(snapshot: Snapshot, days: number): RecentEntry[] {
  const incidents = [...snapshot.open_incidents, ...snapshot.recent_incidents];
  const entries: RecentEntry[] = [];
  const oldest = toldSince(snapshot);
  for (const date of lastDays(snapshot.generated_at, days)) {
    if (date < oldest) break;
    const own = incidents.filter(({ started_at }) => started_at.startsWith(date));
    const previous = entries.at(-1);
    if (own.length > 0) entries.push({ kind: 'day', date, incidents: own });
    else if (previous?.kind === 'quiet') entries[entries.length - 1] = { ...previous, first: date };
    else entries.push({ kind: 'quiet', first: date, last: date });
  }
  return entries;
}

function toldSince({ recent_incidents: recent }: Snapshot): string {
  return recent.length < maxRecentIncidents ? '' : (recent.at(-1)?.started_at.slice(0, 10) ?? '');
}
