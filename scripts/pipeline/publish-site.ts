import { Failure } from '../../lib/adapters/failure.ts';
import type { PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import type { GateFinding } from '../../lib/content/last-gate.ts';
import { publishMinutes } from '../../lib/policy/constants.ts';
import { snapshotFile } from '../../lib/policy/publish-order.ts';
import { filesAfter, isNewer, type PlannedPut, type PublishPlan, planPublish } from '../../lib/policy/publish-plan.ts';
import { claimsAfter, isLive, newestEdition } from '../../lib/policy/publish-present.ts';
import type { Edition, PublishClaim, PublishHead } from '../../lib/schema/publish.ts';
import { listPathOf, readTarget, writeHead, writeList } from './publish-head.ts';
import { type Prepared, prepare } from './publish-prepare.ts';
import type { MakeSource } from './publish-source.ts';
import { type Carrying, removeRetired, type Traffic, uploadAll } from './publish-stages.ts';

/** What to publish, where to, and how. */
export interface PublishRequest {
  readonly target: PublishTarget;
  readonly edition: Edition;
  readonly makeSource: MakeSource;
  /** Looks at what is about to leave; what it finds keeps everything here. */
  readonly gate: (path: string, bytes: Uint8Array) => readonly GateFinding[];
  /** What stands for the page's first snapshot until all that it tells of is there: a part of it, no more. */
  readonly placeholder: (snapshot: Uint8Array) => Uint8Array;
  /** Tells this publish from all others. */
  readonly id: string;
  readonly now: Date;
  /** Milliseconds since some instant; they only grow. */
  readonly elapsedMs: () => number;
  /** Take over files in the target that are not ours and stand in the way. */
  readonly adopt: boolean;
  readonly replaceNewer: boolean;
  /** Look at everything that lies in the target instead of relying on its list. */
  readonly repair: boolean;
  readonly dryRun: boolean;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What a publish came to. */
export type PublishResult =
  | ({ readonly kind: 'published'; readonly plan: PublishPlan; readonly sequence: number } & Traffic & Removals)
  /** The target has it all. */
  | { readonly kind: 'unchanged'; readonly plan: PublishPlan; readonly sequence: number }
  /** A newer build is published or being published. */
  | { readonly kind: 'superseded'; readonly by: Edition }
  | { readonly kind: 'planned'; readonly plan: PublishPlan }
  /** The last gate found something. */
  | { readonly kind: 'held'; readonly findings: readonly GateFinding[] };

interface Removals {
  readonly removed: number;
  /** What could not be deleted, and waits for the next publish. */
  readonly undeleted: readonly string[];
}

/** How often others may be faster before we give up. */
const mostRounds = 5;

/** Bring an edition out, in an order in which each public page names only files that exist, at every instant. */
export async function publishSite(request: PublishRequest): Promise<PublishResult> {
  for (let round = 1; round <= mostRounds; round += 1) {
    const result = await publishOnce(request);
    if (result !== 'again') return result;
  }
  throw new Failure(`Others publish to ${request.target.place} all the time, and were faster ${mostRounds} times.`, {
    fix: 'Publish again once they are done.',
  });
}

async function publishOnce(request: PublishRequest): Promise<PublishResult | 'again'> {
  const { target, edition } = request;
  const state = await readTarget(target);
  const newest = newestEdition(state.head, request.id);
  if (newest !== undefined && isNewer(newest, edition) && !request.replaceNewer)
    return { kind: 'superseded', by: newest };
  const prepared = await prepare(state, request);
  const plan = planPublish(prepared.published, prepared.source.files, edition, request.now);
  if (request.dryRun) return { kind: 'planned', plan };
  const findings = await heldBack(plan, prepared, request);
  if (findings.length > 0) return { kind: 'held', findings };
  if (isNothing(plan) && isSettled(state.head, edition)) {
    return { kind: 'unchanged', plan, sequence: state.head?.sequence ?? 0 };
  }
  return carryOut(plan, prepared, request);
}

function isNothing({ stages, retire, remove }: PublishPlan): boolean {
  return stages.length === 0 && retire.length === 0 && remove.length === 0;
}

/** Whether the head says all that is to be said of an edition whose files are there. */
function isSettled(head: PublishHead | undefined, edition: Edition): boolean {
  return head?.edition !== undefined && head.pending.length === 0 && !isNewer(edition, head.edition);
}

/** Everything that is to be uploaded is looked at before anything is. */
async function heldBack(plan: PublishPlan, { source }: Prepared, { gate }: PublishRequest): Promise<GateFinding[]> {
  const findings: GateFinding[] = [];
  for (const { path } of plan.stages.flatMap(({ puts }) => puts)) {
    findings.push(...gate(path, await source.bytes(path)));
  }
  return findings;
}

async function carryOut(
  plan: PublishPlan,
  prepared: Prepared,
  request: PublishRequest,
): Promise<PublishResult | 'again'> {
  const { target, edition, id, now } = request;
  const { head, headGeneration } = prepared.state;
  const began = request.elapsedMs();
  const puts = plan.stages.flatMap((stage) => stage.puts);
  const claim = puts.length === 0 ? undefined : claimOf(prepared, request, puts);
  const claimed = claim === undefined ? headGeneration : await writeHead(target, claim, request, headGeneration);
  if (claim !== undefined && claimed === undefined) return 'again';
  const carrying: Carrying = {
    ...request,
    bytes: prepared.source.bytes,
    isOurs: prepared.isOurs,
    othersAtWork: prepared.others.some((one) => isLive(one, now)),
    checkTime: () => {
      if (request.elapsedMs() - began > publishMinutes * 60_000) throw tookTooLong(target.place);
    },
  };
  const uploads = await uploadAll(plan, carrying);
  if (uploads.kind === 'superseded') return uploads;
  const { removed, undeleted } = await removeRetired(plan, carrying);
  const done = { files: prepared.source.files, written: uploads.written, removed, now };
  const files = await writeListOf(filesAfter(plan, prepared.published, done), prepared, request);
  const pending = claimsAfter(claim?.pending ?? prepared.others, id, prepared.source.files, now);
  const sequence = (head?.sequence ?? 0) + 1;
  const ended = await writeHead(target, { format: 1, sequence, edition, files, pending }, request, claimed);
  if (ended === undefined) return 'again';
  return { kind: 'published', plan, sequence, ...uploads.traffic, removed: removed.size, undeleted };
}

/**
 * The head as it is, with what we are about to write. Claims of newer builds that are to be replaced are void, and ours take
 * over their paths.
 */
function claimOf(
  { state: { head, list }, others }: Prepared,
  { id, edition, now, replaceNewer }: PublishRequest,
  puts: readonly PlannedPut[],
): PublishHead {
  const isVoid = (claim: PublishClaim) => replaceNewer && isNewer(claim.edition, edition);
  const paths = new Set([...puts.map(({ path }) => path), ...others.filter(isVoid).flatMap((claim) => claim.paths)]);
  const own = { id, edition, at: now.toISOString(), paths: [...paths] };
  return {
    format: 1,
    sequence: head?.sequence ?? 0,
    ...(head?.edition === undefined ? {} : { edition: head.edition }),
    ...(head?.files === undefined || list === undefined ? {} : { files: head.files }),
    pending: [...others.filter((claim) => !isVoid(claim)), own],
  };
}

/** Write the list of files, where it says anything new, the one before it among what is to be deleted later. */
async function writeListOf(
  after: ReturnType<typeof filesAfter>,
  { source: { site, incidents }, state: { head, list: before, listGeneration } }: Prepared,
  { target, edition, now }: PublishRequest,
): Promise<string> {
  const list = { site, ...after, incidents };
  // Where the snapshot differs the lists do, and need not be compared as a whole.
  const [then, next] = [before, list].map((one) => one?.files.get(snapshotFile)?.hash);
  if (then === next && listPathOf(list) === head?.files) return head.files;
  if (head?.files === undefined || listGeneration === undefined) return writeList(target, list, edition);
  const old = { generation: listGeneration, at: now.toISOString() };
  return writeList(target, { ...list, retired: new Map([...list.retired, [head.files, old]]) }, edition);
}

function tookTooLong(place: string): Failure {
  return new Failure(`Publishing to ${place} took more than ${publishMinutes} minutes, so it was stopped.`, {
    fix: 'Publish again: it goes on where this one stopped.',
  });
}
