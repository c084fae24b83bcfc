import type { PublicComponent, PublicIncident, PublicPage, Snapshot } from '../schema/snapshot.ts';

/**
 * What every page knows. `asOf` is how old the page's facts are: the snapshot's instant on pages that show the
 * present, the newest update's on pages of the archive, so that an archived page stays the same until its facts change.
 */
interface Shared {
  readonly page: PublicPage;
  readonly asOf: string;
  /** How a page of the present keeps itself up to date where script runs; absent on pages of the archive. */
  readonly live?: LivePage | undefined;
}

/** What the script of a page must know of the snapshot that the page was made from. */
export interface LivePage extends Pick<Snapshot, 'generated_at' | 'stale_after_seconds' | 'overall'> {
  /** The component that the page is about, if it is about one. */
  readonly about: string | undefined;
  /** What it has words for, by `contentsOf`. */
  readonly contents: string;
}

/** An incident in a list: enough for a line and a link. */
export type IncidentSummary = Pick<
  PublicIncident,
  'id' | 'title' | 'impact' | 'state' | 'started_at' | 'resolved_at' | 'components'
> & { readonly updateCount: number; readonly lastText: string };

/** A month of the archive: `YYYY-MM` and how many incidents began in it. */
export interface MonthSummary {
  readonly month: string;
  readonly count: number;
}

/** All that a template may read; one kind a route. Paths are relative to the page's address, without its base. */
export type PageData =
  | (Shared & { readonly kind: 'front'; readonly snapshot: Snapshot })
  | (Shared & { readonly kind: 'incident'; readonly incident: PublicIncident })
  | (Shared & { readonly kind: 'history'; readonly months: readonly MonthSummary[] })
  | (Shared & {
      readonly kind: 'month';
      readonly month: string;
      readonly incidents: readonly IncidentSummary[];
      readonly newer: string | undefined;
      readonly older: string | undefined;
    })
  | (Shared & {
      readonly kind: 'component';
      readonly component: PublicComponent;
      readonly openIncidents: readonly IncidentSummary[];
      /** The newest resolved ones, at most 20. */
      readonly pastIncidents: readonly IncidentSummary[];
    })
  | (Shared & { readonly kind: 'not_found' });

/** The page data of one kind, for the template of its route. */
export type PageOf<K extends PageData['kind']> = Extract<PageData, { kind: K }>;
