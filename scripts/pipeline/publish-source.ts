import type { PublishedList } from '../../lib/policy/published-list.ts';
import type { IndexedIncident } from '../../lib/schema/publish.ts';

/** One edition of the page, ready to be published: all its files by path and hash, and the bytes of those that need them. */
export interface PublishSource {
  /** What all pages depend on, in one word; empty where it is not known, which matches no other edition. */
  readonly site: string;
  /** Every file of the page: its path, and the SHA-256 in hex of its bytes. */
  readonly files: ReadonlyMap<string, string>;
  /** The bytes of a file; asked only for those whose hash differs from the list that the source was made for. */
  bytes(path: string): Promise<Uint8Array>;
  /** The published incidents, where they are known. */
  readonly incidents: readonly IndexedIncident[];
}

/**
 * Makes the edition, given what can be relied on in the target; `undefined`: nothing. Asked once for each round, since
 * somebody else may have published in between; files of which it is not certain what the target has are not in `published`.
 */
export type MakeSource = (published: PublishedList | undefined) => Promise<PublishSource>;
