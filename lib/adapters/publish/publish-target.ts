import type { Edition } from '../../schema/publish.ts';

/** A file on its way out. `bytes` are as the public reads them; a target may store them compressed. */
export interface PublicObject {
  /** Below the page's address, without a leading slash: `incidents/<id>/index.html`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly edition: Edition;
}

/** What a target knows of an object without its bytes. */
export interface ObjectFacts {
  /** Changes with every write; preconditions name it. */
  readonly generation: string;
  /** SHA-256 in hex of the bytes as the public reads them, where Candor wrote the object. */
  readonly hash: string | undefined;
  /** The build that it comes from, where Candor wrote it. */
  readonly edition: Edition | undefined;
}

/** What became of a write or a delete whose precondition named a generation. */
export type PutOutcome =
  | { readonly kind: 'written'; readonly generation: string }
  /** Somebody else wrote it meanwhile; nothing was changed. `present` is what is there now. */
  | { readonly kind: 'conflict'; readonly present: ObjectFacts | undefined };

/**
 * A place from which the public reads. Every write and delete has a precondition; a write whose answer was lost is
 * told from somebody else's by what is there afterwards. Throws `Failure` naming the object, what is missing (the
 * permission, the bucket, space) and what to do. Implementations pass `lib/testing/publish-target-contract.ts`.
 */
export interface PublishTarget {
  /** For messages: `gs://bucket/prefix` or a folder. */
  readonly place: string;
  /** Every object below the prefix, by path: one list (in pages), no call for each object. */
  list(): Promise<ReadonlyMap<string, ObjectFacts>>;
  /** The object's bytes as the public reads them. */
  read(path: string): Promise<{ readonly bytes: Uint8Array; readonly facts: ObjectFacts } | undefined>;
  /** Facts alone, or `undefined` where there is none. */
  stat(path: string): Promise<ObjectFacts | undefined>;
  /** Write where the present generation is `generation`; `undefined`: where there is none. */
  put(object: PublicObject, generation: string | undefined): Promise<PutOutcome>;
  /** Delete that generation; an object that is gone already counts as deleted. */
  remove(path: string, generation: string): Promise<'removed' | 'conflict'>;
}
