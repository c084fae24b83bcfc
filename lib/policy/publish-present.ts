import type { Edition, PublishClaim, PublishedFile, RetiredFile } from '../schema/publish.ts';
import { publishMinutes } from './constants.ts';
import { snapshotFile } from './publish-order.ts';
import { isNewer, type Published } from './publish-plan.ts';
import type { PublishedList } from './published-list.ts';

/** What a target says of an object. */
export interface SeenObject {
  readonly generation: string;
  /** Where Candor wrote it. */
  readonly hash: string | undefined;
  readonly edition: Edition | undefined;
}

/** What was found in a target whose list of files is not all that is to be known. */
export interface Found {
  /** The list that the head names, where it can be read. */
  readonly list: PublishedList | undefined;
  readonly listPath: string | undefined;
  /** Every claim of the head, our own of an earlier round among them. */
  readonly claims: readonly PublishClaim[];
  /** Our own claim's id. */
  readonly ownId: string;
  readonly listing: ReadonlyMap<string, SeenObject>;
}

/** What is to be published. */
export interface Wanted {
  /** Hashes by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly edition: Edition;
  /** Whether files that are not ours and stand in the way are taken over. */
  readonly adopt: boolean;
  readonly now: Date;
}

/** What of a target is ours, and the paths that we need and that somebody else has written. */
export interface Present {
  readonly published: Published;
  readonly foreign: readonly string[];
}

/**
 * What of a target is ours, told from everything that lies there: what the list and the claims name, and what says itself
 * that Candor wrote it. Anything else is only adopted where it holds what we would write, or where it is told to.
 */
export function presentFrom(found: Found, { files, edition, adopt, now }: Wanted): Present {
  const claimed = new Set(found.claims.flatMap(({ paths }) => paths));
  const [listed, waiting] = [found.list?.files ?? new Map(), found.list?.retired ?? new Map()];
  const [present, retired] = [new Map<string, PublishedFile>(), new Map<string, RetiredFile>()];
  const foreign: string[] = [];
  for (const [path, object] of found.listing) {
    const wait = waiting.get(path);
    if (wait?.generation === object.generation && !claimed.has(path)) retired.set(path, wait);
    else if (path.startsWith('.candor/')) {
      if (isOldList(path, found.listPath)) retired.set(path, ofNow(object, now));
    } else if (path === snapshotFile && object.edition !== undefined && isNewer(object.edition, edition)) {
      const known = listed.get(path);
      if (known !== undefined) present.set(path, known);
    } else if (object.hash !== undefined && isOurs(object, listed.has(path) || claimed.has(path), files.get(path))) {
      present.set(path, { hash: object.hash, generation: object.generation });
    } else if (files.has(path)) {
      if (adopt) present.set(path, { hash: '', generation: object.generation });
      else foreign.push(path);
    }
  }
  return {
    published: {
      files: present,
      retired,
      uncertain: uncertainOf(found, now),
      unfinished: new Set([...present.keys()].filter((path) => !listed.has(path))),
    },
    foreign: foreign.toSorted(),
  };
}

/** Whether a claim's publisher may still be at work. */
export function isLive({ at }: PublishClaim, now: Date): boolean {
  return Math.abs(now.getTime() - Date.parse(at)) <= publishMinutes * 60_000;
}

/** What is left of the claims of others once `files` stand in the target: what none of them can still spoil is struck out. */
export function claimsAfter(
  claims: readonly PublishClaim[],
  ownId: string,
  files: ReadonlyMap<string, string>,
  now: Date,
): PublishClaim[] {
  return claims
    .filter((claim) => claim.id !== ownId && isLive(claim, now))
    .map((claim) => ({ ...claim, paths: claim.paths.filter((path) => !files.has(path)) }))
    .filter(({ paths }) => paths.length > 0);
}

/** The newest edition that was published or begun, our own claim left aside. */
export function newestEdition(
  head: { readonly edition?: Edition | undefined; readonly pending: readonly PublishClaim[] } | undefined,
  ownId: string,
): Edition | undefined {
  const others = (head?.pending ?? []).filter(({ id }) => id !== ownId).map((claim) => claim.edition);
  return [...(head?.edition === undefined ? [] : [head.edition]), ...others].reduce<Edition | undefined>(
    (newest, one) => (newest === undefined || isNewer(one, newest) ? one : newest),
    undefined,
  );
}

/** Whether it is named as ours, says so itself, or holds what we would write. */
function isOurs({ hash, edition }: SeenObject, isNamed: boolean, wanted: string | undefined): boolean {
  return isNamed || edition !== undefined || hash === wanted;
}

function isOldList(path: string, listPath: string | undefined): boolean {
  return path !== listPath && /^\.candor\/files-[0-9a-f]{64}\.json$/.test(path);
}

function ofNow({ generation }: SeenObject, now: Date): RetiredFile {
  return { generation, at: now.toISOString() };
}

/**
 * What others may still write although it already is as we want it. One publisher writes each path once, so what is no
 * longer as the list says has been written by the one that claims it; where several claim it, whether they are still at
 * work or not, any of them may have.
 */
function uncertainOf({ list, claims, ownId, listing }: Found, now: Date): ReadonlySet<string> {
  const others = claims.filter((claim) => claim.id !== ownId);
  const claimants = Map.groupBy(
    others.flatMap(({ paths }) => [...new Set(paths)]),
    (path) => path,
  );
  const known = (path: string) => list?.files.get(path) ?? list?.retired.get(path);
  const isWritten = (path: string) => known(path)?.generation !== listing.get(path)?.generation;
  const live = others.filter((claim) => isLive(claim, now)).flatMap(({ paths }) => paths);
  return new Set(live.filter((path) => claimants.get(path)?.length !== 1 || !isWritten(path)));
}
