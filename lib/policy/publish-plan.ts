import type { Edition, PublishedFiles } from '../schema/publish.ts';

/** A file of the new edition: where, what (SHA-256 in hex of its bytes), and what kind of file it is. */
export interface NewFile {
  readonly path: string;
  readonly hash: string;
}

/** One file to be written. `replaces` is the generation that it takes the place of. */
export interface PlannedPut {
  readonly path: string;
  readonly hash: string;
  readonly replaces: string | undefined;
}

/** The stages of a publish, in the order in which they are carried out; a stage begins when the one before has ended. */
export interface PublishPlan {
  readonly edition: Edition;
  readonly stages: readonly { readonly name: string; readonly puts: readonly PlannedPut[] }[];
  /** No longer part of the page: deleted by a later publish, once no cached page names them any more. */
  readonly retire: readonly string[];
  /** Retired long enough ago: deleted now. */
  readonly remove: readonly { readonly path: string; readonly generation: string }[];
  readonly unchanged: number;
}

/** Whether `a` comes from a newer build than `b`. */
export function isNewer(a: Edition, b: Edition): boolean {
  const [committedA, committedB] = [Date.parse(a.committed_at), Date.parse(b.committed_at)];
  if (committedA !== committedB) return committedA > committedB;
  return Date.parse(a.built_at) > Date.parse(b.built_at);
}

/** What the target has, as far as it is ours. */
export type Published = Pick<PublishedFiles, 'files' | 'retired'> | undefined;
