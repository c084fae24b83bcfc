import { createHash } from 'node:crypto';
import { Failure } from '../../lib/adapters/failure.ts';
import { cacheControlOf, contentTypeOf } from '../../lib/adapters/publish/content-type.ts';
import type { ObjectFacts, PublicObject, PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import { frontPage, snapshotFile } from '../../lib/policy/publish-order.ts';
import { isNewer, isPage, type PlannedPut } from '../../lib/policy/publish-plan.ts';
import { newestEdition } from '../../lib/policy/publish-present.ts';
import type { Edition, PublishedFile, PublishHead } from '../../lib/schema/publish.ts';
import { readHead } from './publish-head.ts';

/** What writing files needs to know. */
export interface Uploading {
  readonly target: PublishTarget;
  readonly edition: Edition;
  /** Our claim's id. */
  readonly id: string;
  readonly bytes: (path: string) => Promise<Uint8Array>;
  /** What stands for the page's first snapshot until that is written. */
  readonly placeholder: (snapshot: Uint8Array) => Uint8Array;
  /** Whether the target's list or somebody's claim names the path. */
  readonly isOurs: (path: string) => boolean;
  /** Whether others may be at work that are older than we: then what another build wrote is not relied on. */
  readonly othersAtWork: boolean;
  readonly adopt: boolean;
  readonly replaceNewer: boolean;
  /** Throws where this publish has taken so long that others no longer wait for it. */
  readonly checkTime: () => void;
}

/** What became of one file; `wrote` is its size where it was written. */
export type Uploaded =
  | { readonly kind: 'done'; readonly file: PublishedFile; readonly wrote: number | undefined }
  /** A page that another publish made meanwhile: it may be public, so it is replaced once all that it names is there. */
  | { readonly kind: 'later'; readonly put: PlannedPut }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'superseded'; readonly by: Edition };

/** Write one file, whatever is there by now, unless it is not ours or comes from a newer build. */
export async function uploadFile(put: PlannedPut, how: Uploading): Promise<Uploaded> {
  const { target, edition } = how;
  const { path, hash } = put;
  const bytes = await how.bytes(path);
  if (createHash('sha256').update(bytes).digest('hex') !== hash) throw changedMeanwhile(path);
  const object = objectOf(path, bytes, edition);
  const isNewPage = put.replaces === undefined && isPage(path) && path !== frontPage;
  let replaces = put.replaces;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    how.checkTime();
    const outcome = await target.put(object, replaces);
    if (outcome.kind === 'written') {
      return { kind: 'done', file: { hash, generation: outcome.generation }, wrote: bytes.length };
    }
    const verdict = await judge(outcome.present, put, how);
    if ('kind' in verdict) return verdict;
    replaces = verdict.replaces;
    if (isNewPage && replaces !== undefined) return { kind: 'later', put: { ...put, replaces } };
  }
  throw new Failure(`${path} in ${target.place} is written by somebody else all the time.`, {
    fix: 'Find out who else publishes there, then publish again.',
  });
}

const mostAttempts = 5;

/** Write what stands for the first snapshot; resolves to its generation, or `undefined` where by now there is one. */
export async function uploadPlaceholder(how: Uploading): Promise<string | undefined> {
  how.checkTime();
  const bytes = how.placeholder(await how.bytes(snapshotFile));
  const outcome = await how.target.put(objectOf(snapshotFile, bytes, how.edition), undefined);
  return outcome.kind === 'written' ? outcome.generation : undefined;
}

function objectOf(path: string, bytes: Uint8Array, edition: Edition): PublicObject {
  return { path, bytes, contentType: contentTypeOf(path), cacheControl: cacheControlOf(path), edition };
}

/** What to do about an object that is not what the list says. */
async function judge(
  present: ObjectFacts | undefined,
  { path, hash }: PlannedPut,
  how: Uploading,
): Promise<Uploaded | { readonly replaces: string | undefined }> {
  if (present === undefined) {
    const by = await newerAtWork(how);
    return by === undefined ? { replaces: undefined } : { kind: 'superseded', by };
  }
  const { generation, edition: theirs } = present;
  const isOwn = theirs !== undefined && !isNewer(theirs, how.edition) && !isNewer(how.edition, theirs);
  if (present.hash === hash && (isOwn || !how.othersAtWork)) {
    return { kind: 'done', file: { hash, generation }, wrote: undefined };
  }
  const isTheirsNewer = theirs !== undefined && isNewer(theirs, how.edition) && !how.replaceNewer;
  // The health of a moment ago was brought out alone while this build was made.
  if (isTheirsNewer && path === snapshotFile && present.hash !== undefined) {
    return { kind: 'done', file: { hash: present.hash, generation }, wrote: undefined };
  }
  const { head } = await readHead(how.target);
  const by = newerIn(head, how);
  if (by !== undefined) return { kind: 'superseded', by };
  if (isTheirsNewer) return { kind: 'superseded', by: theirs };
  const isClaimed = head?.pending.some(({ id, paths }) => id !== how.id && paths.includes(path)) === true;
  const isForeign = present.hash === undefined || (theirs === undefined && !how.isOurs(path) && !isClaimed);
  return isForeign && !how.adopt ? { kind: 'foreign' } : { replaces: generation };
}

async function newerAtWork(how: Uploading): Promise<Edition | undefined> {
  return newerIn((await readHead(how.target)).head, how);
}

/** The newest edition of others, where it is newer than ours and that matters. */
function newerIn(head: PublishHead | undefined, { id, edition, replaceNewer }: Uploading): Edition | undefined {
  const newest = newestEdition(head, id);
  return newest !== undefined && isNewer(newest, edition) && !replaceNewer ? newest : undefined;
}

function changedMeanwhile(path: string): Failure {
  return new Failure(`${path} changed while it was being published.`, {
    fix: 'Wait until nothing writes to the folder any more, then publish again.',
  });
}
