import type { PublicIncident } from '../schema/snapshot.ts';
import type { MonthSummary } from './page-data.ts';
import { monthOf } from './paths.ts';

/** What pages tell of the whole history without naming an incident of it. */
export interface ArchiveFacts {
  readonly total: number;
  /** Months (UTC) in which incidents began, newest first, each with how many. */
  readonly months: readonly MonthSummary[];
  /** The instant of the newest update of all; `undefined` where there is none. */
  readonly newestUpdateAt: string | undefined;
}

/** When an incident began and when its newest update was, as the public reads it. */
export interface DatedIncident {
  readonly started_at: string;
  readonly updated_at: string;
}

/** The facts of these incidents, in whatever order they are. */
export function archiveFactsOf(incidents: readonly DatedIncident[]): ArchiveFacts {
  const counts = new Map<string, number>();
  let newestUpdateAt: string | undefined;
  for (const { started_at, updated_at } of incidents) {
    const month = monthOf(started_at);
    counts.set(month, (counts.get(month) ?? 0) + 1);
    if (newestUpdateAt === undefined || updated_at > newestUpdateAt) newestUpdateAt = updated_at;
  }
  const months = [...counts].map(([month, count]) => ({ month, count }));
  return { total: incidents.length, months: months.sort((a, b) => (a.month < b.month ? 1 : -1)), newestUpdateAt };
}

/** When a public incident began and when its newest update was. */
export function datesOf({ started_at, updates }: PublicIncident): DatedIncident {
  return { started_at, updated_at: updates[0]?.at ?? started_at };
}
