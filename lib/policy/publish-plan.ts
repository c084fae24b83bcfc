import type { Edition, PublishedFile, PublishedFiles } from '../schema/publish.ts';
import { retiredObjectMinutes } from './constants.ts';
import { type PublishStage, publishStages, stageOf } from './publish-order.ts';

/** A file of the new edition: where, and what (SHA-256 in hex of its bytes). */
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
  readonly stages: readonly { readonly name: PublishStage; readonly puts: readonly PlannedPut[] }[];
  /** No longer part of the page: deleted by a later publish, once no cached page names them any more. */
  readonly retire: readonly string[];
  /** Retired long enough ago: deleted now, in this order. */
  readonly remove: readonly { readonly path: string; readonly generation: string }[];
  readonly unchanged: number;
}

/** What the target has, as far as it is ours. */
export interface Published extends Pick<PublishedFiles, 'files' | 'retired'> {
  /** Another publisher may still write these: they are written anew even where nothing changed, so that its write fails. */
  readonly uncertain?: ReadonlySet<string> | undefined;
}

/** Whether `a` comes from a newer build than `b`. */
export function isNewer(a: Edition, b: Edition): boolean {
  const [committedA, committedB] = [Date.parse(a.committed_at), Date.parse(b.committed_at)];
  if (committedA !== committedB) return committedA > committedB;
  return Date.parse(a.built_at) > Date.parse(b.built_at);
}

/** What has to happen so that a target that has `published` comes to hold exactly `files`; told from hashes, not dates. */
export function planPublish(
  published: Published | undefined,
  files: readonly NewFile[],
  edition: Edition,
  now: Date,
): PublishPlan {
  const present = new Map(Object.entries(published?.files ?? {}));
  const retired = new Map(Object.entries(published?.retired ?? {}));
  const wanted = new Set(files.map(({ path }) => path));
  const puts = files.filter(({ path, hash }) => {
    return present.get(path)?.hash !== hash || published?.uncertain?.has(path) === true;
  });
  return {
    edition,
    stages: stagesOf(puts, present, retired),
    retire: [...present.keys()].filter((path) => !wanted.has(path)).toSorted(),
    remove: [...retired]
      .filter(([path, { at }]) => !wanted.has(path) && isDue(at, now))
      .map(([path, { generation }]) => ({ path, generation }))
      .toSorted(byRemoval),
    unchanged: files.length - puts.length,
  };
}

/** Whether something that was retired at `at` may go: no page that names it is in a cache any more. */
function isDue(at: string, now: Date): boolean {
  return now.getTime() - Date.parse(at) >= retiredObjectMinutes * 60_000;
}

type Retired = PublishedFiles['retired'][string];

function stagesOf(
  puts: readonly NewFile[],
  present: ReadonlyMap<string, PublishedFile>,
  retired: ReadonlyMap<string, Retired>,
): PublishPlan['stages'] {
  const byStage = Map.groupBy(puts, ({ path }) => stageOf(path, !present.has(path)));
  return publishStages.flatMap((name) => {
    const own = byStage.get(name);
    if (own === undefined) return [];
    return [
      {
        name,
        puts: own
          .map(({ path, hash }) => ({ path, hash, replaces: (present.get(path) ?? retired.get(path))?.generation }))
          .toSorted((a, b) => compare(a.path, b.path)),
      },
    ];
  });
}

/** Pages go before what they name. */
function byRemoval(a: { readonly path: string }, b: { readonly path: string }): number {
  return Number(b.path.endsWith('.html')) - Number(a.path.endsWith('.html')) || compare(a.path, b.path);
}

/**
 * The list of files after `plan` was carried out: `generations` are those of what was written. What a wrong clock retired
 * in the future counts from now.
 */
export function filesAfter(
  plan: PublishPlan,
  published: Published | undefined,
  {
    files,
    generations,
    now,
  }: {
    readonly files: readonly NewFile[];
    readonly generations: ReadonlyMap<string, PublishedFile>;
    readonly now: Date;
  },
): Pick<PublishedFiles, 'files' | 'retired'> {
  const present = new Map(Object.entries(published?.files ?? {}));
  const at = now.toISOString();
  const gone = new Set([...files.map(({ path }) => path), ...plan.remove.map(({ path }) => path)]);
  const waiting = Object.entries(published?.retired ?? {})
    .filter(([path]) => !gone.has(path))
    .map(([path, { generation, at: since }]) => [path, { generation, at: since > at ? at : since }] as const);
  const retired = plan.retire.flatMap((path) => {
    const generation = present.get(path)?.generation;
    return generation === undefined ? [] : [[path, { generation, at }] as const];
  });
  const listed = files.map(({ path }) => {
    const file = generations.get(path) ?? present.get(path);
    if (file === undefined) throw new Error(`${path} was neither written nor there.`);
    return [path, file] as const;
  });
  return { files: inOrder(listed), retired: inOrder([...waiting, ...retired]) };
}

function inOrder<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
