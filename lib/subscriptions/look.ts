import type { PublicIncident, PublicPage, Snapshot } from '../schema/snapshot.ts';
import type { Announcement } from '../schema/subscription.ts';
import type { Look } from './subscription-store.ts';

/** Where the published snapshot is read. */
export interface SnapshotSource {
  /** For messages: the file, or its address. */
  readonly place: string;
  /** The snapshot, or `undefined` where it is the one that was dealt with last. Rejects with a reason where there is none. */
  read(signal: AbortSignal): Promise<ReadSnapshot | undefined>;
}

/** A snapshot that was read. */
export interface ReadSnapshot {
  readonly snapshot: Snapshot;
  /** To be called once what it says is in the store: until then it is read again. */
  dealtWith(): void;
}

/** What mails say of the page itself, as its newest snapshot has it. */
export interface PageFacts {
  readonly page: PublicPage;
  /** The public names of components, by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** What a snapshot shows, for the store: every update of every incident, but of those brought from another system. */
export function lookAt(snapshot: Snapshot): Look {
  const { page, generated_at, open_incidents, recent_incidents } = snapshot;
  const incidents = [...open_incidents, ...recent_incidents].filter((one) => one.imported_from === undefined);
  return { page: page.url, generatedAt: new Date(generated_at), announcements: incidents.flatMap(announcementsOf) };
}

/** The facts of the page that a snapshot shows. */
export function factsOf({ page, components }: Snapshot): PageFacts {
  return { page, names: new Map(components.map(({ id, name }) => [id, name])) };
}

function announcementsOf({ id, url, title, impact, components, updates }: PublicIncident): Announcement[] {
  return updates.toReversed().map((update) => ({ incident: { id, url, title, impact, components }, update }));
}
