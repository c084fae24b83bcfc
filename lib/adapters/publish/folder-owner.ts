import { isNewer } from '../../policy/publish-plan.ts';
import { type Edition, PublishedFiles, PublishHead } from '../../schema/publish.ts';
import { lookAt, ownFolder } from './folder-paths.ts';

/** Whether Candor put a file there, and from which build, as far as the head says so. */
export interface Ownership {
  readonly owns: (path: string) => boolean;
  /** The newest build that may have written this content to that path. */
  readonly editionOf: (path: string, hash: string) => Edition | undefined;
}

/** What the head of a folder says of its files. */
export interface FolderHead {
  /**
   * Whether a newer build than `edition` has the path or is about to write it. A file that is written again as it was has
   * the same generation, so an older publish that is still at work is stopped by this alone.
   */
  readonly isTaken: (path: string, edition: Edition) => boolean;
  /** What holds for the path. The list that the head names may be long: it is read once, and where it is asked about only. */
  readonly ownershipOf: (path: string) => Promise<Ownership>;
}

/**
 * A folder has no metadata, so who put a file there is read from the head and the list that it names. What these name is
 * ours: from the build that was published last where it is as listed, and otherwise from one that has not ended.
 */
export async function headOf(folder: string): Promise<FolderHead> {
  const head = PublishHead.safeParse(await jsonAt(folder, `${ownFolder}/head.json`)).data;
  const claimed = new Map<string, Edition>();
  for (const { edition, paths } of head?.pending ?? []) {
    for (const path of paths) claimed.set(path, newest(claimed.get(path), edition));
  }
  let listed: Promise<Ownership> | undefined;
  return {
    isTaken: (path, edition) => {
      const claim = claimed.get(path) ?? head?.edition;
      return !isOwn(path) && claim !== undefined && isNewer(claim, edition);
    },
    ownershipOf: async (path) => {
      if (isOwn(path)) return { owns: () => true, editionOf: () => head?.edition };
      listed ??= listedOwnership(folder, head, claimed);
      return listed;
    },
  };
}

async function listedOwnership(
  folder: string,
  head: PublishHead | undefined,
  claimed: ReadonlyMap<string, Edition>,
): Promise<Ownership> {
  const list = head?.files === undefined ? undefined : PublishedFiles.safeParse(await jsonAt(folder, head.files)).data;
  const listed = new Map(Object.entries(list?.files ?? {}).map(([path, file]) => [path, file.hash]));
  const ours = new Set([...listed.keys(), ...claimed.keys(), ...Object.keys(list?.retired ?? {})]);
  return {
    owns: (path) => isOwn(path) || ours.has(path),
    editionOf: (path, hash) => (listed.get(path) === hash ? head?.edition : (claimed.get(path) ?? head?.edition)),
  };
}

/** What publishers tell each other stands in no list. */
function isOwn(path: string): boolean {
  return path.startsWith(`${ownFolder}/`);
}

function newest(known: Edition | undefined, other: Edition): Edition {
  return known === undefined || isNewer(other, known) ? other : known;
}

async function jsonAt(folder: string, path: string): Promise<unknown> {
  const present = await lookAt(folder, path);
  try {
    return present?.bytes && JSON.parse(present.bytes.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
