import type { Edition, PublishedFile, RetiredFile } from '../schema/publish.ts';
import { retiredObjectMinutes } from './constants.ts';
import { type PublishStage, publishStages, type Standing, snapshotFile, stageOf } from './publish-order.ts';
import type { PublishedList } from './published-list.ts';

/** One file to be written. `replaces` is the generation that it takes the place of. */
export interface PlannedPut {
  readonly path: string;
  readonly hash: string;
  readonly replaces: string | undefined;
}

/** The stages of a publish, in the order in which they are carried out; a stage begins when the one before has ended. */
export interface PublishPlan {
  readonly edition: Edition;
  readonly stages: readonly { readonly name: PublishStage; readonly puts: readonly PlannedPut[] }[];
  /** Whether there is no snapshot yet, which pages name: then one that says so goes out before the first page. */
  readonly placeholder: boolean;
  /** No longer part of the page: deleted by a later publish, once no cached page names them any more. */
  readonly retire: readonly string[];
  /** Retired long enough ago: deleted now, in this order. */
  readonly remove: readonly { readonly path: string; readonly generation: string }[];
  readonly unchanged: number;
}

/** What the target has, as far as it is ours. */
export interface Published extends Pick<PublishedList, 'files' | 'retired'> {
  /** Another publisher may still write these: they are written anew even where nothing changed, so that its write fails. */
  readonly uncertain?: ReadonlySet<string> | undefined;
  /** Those of `files` that no finished edition has. */
  readonly unfinished?: ReadonlySet<string> | undefined;
}

/** Whether `a` comes from a newer build than `b`. */
export function isNewer(a: Edition, b: Edition): boolean {
  const [committedA, committedB] = [Date.parse(a.committed_at), Date.parse(b.committed_at)];
  if (committedA !== committedB) return committedA > committedB;
  return Date.parse(a.built_at) > Date.parse(b.built_at);
}

/**
 * What has to happen so that a target that has `published` comes to hold exactly `files`, each with the SHA-256 in hex of its
 * bytes; told from hashes, not dates.
 */
export function planPublish(
  published: Published | undefined,
  files: ReadonlyMap<string, string>,
  edition: Edition,
  now: Date,
): PublishPlan {
  const { files: present, retired, uncertain, unfinished } = published ?? nothing;
  const puts = [...files].filter(([path, hash]) => present.get(path)?.hash !== hash || uncertain?.has(path) === true);
  const retire = [...present.keys()].filter((path) => !files.has(path)).toSorted();
  return {
    edition,
    stages: stagesOf(puts, { files: present, retired, unfinished }),
    placeholder: puts.some(([path]) => path === snapshotFile && !present.has(path) && !retired.has(path)),
    retire,
    remove: removable(
      [...retired].filter(([path]) => !files.has(path)),
      retire.some((path) => isPage(path) && unfinished?.has(path) === true),
      now,
    ),
    unchanged: files.size - puts.length,
  };
}

const nothing: Published = { files: new Map(), retired: new Map() };

/**
 * What may go: no page that names it is in a cache any more. Pages go first; what is no page waits while any page does,
 * for the page may name it. So may an unfinished one that is retired only now.
 */
function removable(
  retired: readonly (readonly [string, RetiredFile])[],
  isUnfinishedLeft: boolean,
  now: Date,
): PublishPlan['remove'] {
  const due = retired.filter(([, { at }]) => now.getTime() - Date.parse(at) >= retiredObjectMinutes * 60_000);
  const [waiting, going] = [retired, due].map((some) => some.filter(([path]) => isPage(path)).length);
  const isPageLeft = isUnfinishedLeft || waiting !== going;
  return due
    .filter(([path]) => isPage(path) || !isPageLeft)
    .map(([path, { generation }]) => ({ path, generation }))
    .toSorted((a, b) => Number(isPage(b.path)) - Number(isPage(a.path)) || compare(a.path, b.path));
}

function stagesOf(
  puts: readonly (readonly [path: string, hash: string])[],
  { files: present, retired, unfinished }: Published,
): PublishPlan['stages'] {
  const standing = (path: string): Standing => {
    if (present.has(path)) return unfinished?.has(path) === true ? 'unfinished' : 'published';
    return retired.has(path) ? 'retired' : 'new';
  };
  const byStage = Map.groupBy(puts, ([path]) => stageOf(path, standing(path)));
  return publishStages.flatMap((name) => {
    const own = byStage.get(name);
    if (own === undefined) return [];
    return [
      {
        name,
        puts: own
          .map(([path, hash]) => ({ path, hash, replaces: (present.get(path) ?? retired.get(path))?.generation }))
          .toSorted((a, b) => compare(a.path, b.path)),
      },
    ];
  });
}

/** Whether the public reads it as a page. */
export function isPage(path: string): boolean {
  return path.endsWith('.html');
}

/**
 * The list of files after `plan` was carried out: what was `written` and under which generation, and what was `removed`.
 * What a wrong clock retired in the future counts from now.
 */
export function filesAfter(
  plan: PublishPlan,
  published: Published | undefined,
  { files, written, removed, now }: Done,
): Pick<PublishedList, 'files' | 'retired'> {
  const { files: present, retired: before } = published ?? nothing;
  const at = now.toISOString();
  const waiting = [...before]
    .filter(([path]) => !files.has(path) && !removed.has(path))
    .map(([path, { generation, at: since }]) => {
      return [path, { generation, at: Date.parse(since) > now.getTime() ? at : since }] as const;
    });
  const retired = plan.retire.flatMap((path) => {
    const generation = present.get(path)?.generation;
    return generation === undefined ? [] : [[path, { generation, at }] as const];
  });
  const listed = [...files.keys()].map((path) => {
    const file = written.get(path) ?? present.get(path);
    if (file === undefined) throw new Error(`${path} was neither written nor there.`);
    return [path, file] as const;
  });
  return { files: inOrder(listed), retired: inOrder([...waiting, ...retired]) };
}

/** What a publish came to. */
interface Done {
  readonly files: ReadonlyMap<string, string>;
  readonly written: ReadonlyMap<string, PublishedFile>;
  readonly removed: ReadonlySet<string>;
  readonly now: Date;
}

function inOrder<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  return new Map(entries.toSorted(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
