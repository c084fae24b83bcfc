import { isNewer } from '../../policy/publish-plan.ts';
import { type Edition, PublishedFiles, PublishHead } from '../../schema/publish.ts';
import { lookAt, ownFolder } from './folder-paths.ts';

/** Which files of a folder Candor put there, as far as its head says so. */
export interface Ownership {
  readonly owns: (path: string) => boolean;
  /** The newest build that may have written this content to that path. */
  readonly editionOf: (path: string, hash: string) => Edition | undefined;
  /**
   * Whether a newer build than `edition` has the path or is about to write it. A file that is written again as it was has
   * the same generation, so an older publish that is still at work is stopped by this alone.
   */
  readonly isTaken: (path: string, edition: Edition) => boolean;
}

/**
 * A folder has no metadata, so who put a file there is read from the head and the list that it names. What these name is
 * ours: from the build that was published last where it is as listed, and otherwise from one that has not ended. Where
 * `path` is one of what publishers tell each other, the list need not be read: it does not name these.
 */
export async function ownershipOf(folder: string, path?: string): Promise<Ownership> {
  const head = PublishHead.safeParse(await jsonAt(folder, `${ownFolder}/head.json`)).data;
  const listPath = path?.startsWith(`${ownFolder}/`) === true ? undefined : head?.files;
  const list = listPath === undefined ? undefined : PublishedFiles.safeParse(await jsonAt(folder, listPath)).data;
  const listed = new Map(Object.entries(list?.files ?? {}).map(([path, file]) => [path, file.hash]));
  const claimed = new Map<string, Edition>();
  for (const { edition, paths } of head?.pending ?? []) {
    for (const path of paths) claimed.set(path, newest(claimed.get(path), edition));
  }
  const ours = new Set([...listed.keys(), ...claimed.keys(), ...Object.keys(list?.retired ?? {})]);
  return {
    owns: (path) => path.startsWith(`${ownFolder}/`) || ours.has(path),
    isTaken: (path, edition) => {
      const claim = claimed.get(path) ?? head?.edition;
      return !path.startsWith(`${ownFolder}/`) && claim !== undefined && isNewer(claim, edition);
    },
    editionOf: (path, hash) => (listed.get(path) === hash ? head?.edition : (claimed.get(path) ?? head?.edition)),
  };
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
