import { Failure } from '../../lib/adapters/failure.ts';
import { type PublishStage, publishStages } from '../../lib/policy/publish-order.ts';
import { isPage, type PlannedPut, type PublishPlan } from '../../lib/policy/publish-plan.ts';
import type { Edition, PublishedFile } from '../../lib/schema/publish.ts';
import { inParallel } from './in-parallel.ts';
import { foreignFiles } from './publish-prepare.ts';
import { type Uploading, uploadFile, uploadPlaceholder } from './publish-upload.ts';

/** What carrying out a plan needs to know. */
export interface Carrying extends Uploading {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What went out. */
export interface Traffic {
  readonly uploaded: number;
  readonly bytes: number;
}

type Uploads =
  | { readonly kind: 'done'; readonly written: ReadonlyMap<string, PublishedFile>; readonly traffic: Traffic }
  | { readonly kind: 'superseded'; readonly by: Edition };

/** How many files are on their way at once. */
export const filesAtOnce = 32;

/** Upload stage by stage, each in parallel. Files that are not ours and came in between stop it, by name. */
export async function uploadAll({ stages, placeholder }: PublishPlan, carrying: Carrying): Promise<Uploads> {
  const progress: Progress = {
    written: new Map(),
    traffic: { uploaded: 0, bytes: 0 },
    late: [],
    total: stages.reduce((sum, { puts }) => sum + puts.length, 0),
  };
  const planned = new Map<PublishStage, readonly PlannedPut[]>(stages.map(({ name, puts }) => [name, puts]));
  for (const name of publishStages) {
    if (name === firstPages && placeholder) {
      const replaces = await uploadPlaceholder(carrying);
      planned.set(
        'current.json',
        (planned.get('current.json') ?? []).map((put) => ({ ...put, replaces })),
      );
    }
    const puts = planned.get(name) ?? [];
    // Pages that another publish made meanwhile are unfinished pages by now.
    const all = name === 'unfinished pages' ? [...puts, ...progress.late] : puts;
    const by = await uploadStage(all, progress, carrying);
    if (by !== undefined) return { kind: 'superseded', by };
  }
  return { kind: 'done', ...progress };
}

/** Assets name nothing. */
const firstPages: PublishStage = 'new incident pages';

interface Progress {
  readonly written: Map<string, PublishedFile>;
  readonly traffic: { uploaded: number; bytes: number };
  /** What has to wait. */
  readonly late: PlannedPut[];
  readonly total: number;
}

/** Upload some files. Resolves to the newer edition that another publish brings out, where one does. */
async function uploadStage(
  puts: readonly PlannedPut[],
  { written, traffic, late, total }: Progress,
  carrying: Carrying,
): Promise<Edition | undefined> {
  const foreign: string[] = [];
  let by: Edition | undefined;
  await inParallel(puts, filesAtOnce, async (put) => {
    const end = await uploadFile(put, carrying);
    if (end.kind === 'foreign') foreign.push(put.path);
    if (end.kind === 'later') late.push(end.put);
    if (end.kind === 'superseded') by = end.by;
    if (end.kind !== 'done') return end.kind === 'superseded' ? 'stop' : 'go on';
    written.set(put.path, end.file);
    traffic.uploaded += end.wrote === undefined ? 0 : 1;
    traffic.bytes += end.wrote ?? 0;
    carrying.onProgress?.(written.size, total);
    return 'go on';
  });
  if (by === undefined && foreign.length > 0) throw foreignFiles(foreign.toSorted(), carrying.target.place);
  return by;
}

/**
 * Delete what was retired long enough ago, pages first. What cannot be deleted waits, and everything that it may name with
 * it; what somebody else has replaced is theirs.
 */
export async function removeRetired(
  { remove }: PublishPlan,
  { target, checkTime }: Carrying,
): Promise<{ readonly removed: ReadonlySet<string>; readonly undeleted: readonly string[] }> {
  const removed = new Set<string>();
  const undeleted: string[] = [];
  const [pages, others] = [remove.filter(({ path }) => isPage(path)), remove.filter(({ path }) => !isPage(path))];
  for (const group of [pages, others]) {
    if (undeleted.length > 0) break;
    await inParallel(group, filesAtOnce, async ({ path, generation }) => {
      checkTime();
      const error = await failureOf(target.remove(path, generation));
      if (error === undefined) removed.add(path);
      else undeleted.push(`${path}: ${error.message}`);
      return 'go on';
    });
  }
  return { removed, undeleted };
}

async function failureOf(work: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
