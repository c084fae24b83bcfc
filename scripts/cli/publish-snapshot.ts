import { createHash } from 'node:crypto';
import { contentCommit } from '../../lib/adapters/content-commit.ts';
import { Failure } from '../../lib/adapters/failure.ts';
import { cacheControlOf, contentTypeOf } from '../../lib/adapters/publish/content-type.ts';
import type { ObjectFacts, PublicObject, PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { type GateFinding, lastGate } from '../../lib/content/last-gate.ts';
import { editionOf } from '../../lib/policy/edition.ts';
import { snapshotFile } from '../../lib/policy/publish-order.ts';
import { isNewer } from '../../lib/policy/publish-plan.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { Edition } from '../../lib/schema/publish.ts';
import { untilFresh } from '../pipeline/fold-into-state.ts';
import { readMeasurements } from '../pipeline/measurements.ts';
import { readHead } from '../pipeline/publish-head.ts';
import { snapshotText } from '../pipeline/snapshot-alone.ts';
import type { Context } from './context.ts';
import { ownAddressesOf, type PublishOptions } from './publish-page.ts';
import { redactNamesOf } from './redact-names.ts';
import { rulesFor } from './redaction-rules.ts';
import { newSiteKey } from './site-key.ts';
import { stateStoreOf } from './state-store.ts';

/** What bringing it out came to. */
export type SnapshotResult =
  | { readonly kind: 'snapshot'; readonly edition: Edition; readonly bytes: number }
  | { readonly kind: 'superseded'; readonly by: Edition }
  | { readonly kind: 'held'; readonly findings: readonly GateFinding[] };

/**
 * Bring `current.json` out alone, in one request where nobody else has written it since: its generation is remembered in
 * the state. A newer one is left as it is.
 */
export async function publishSnapshot(
  context: Context,
  target: PublishTarget,
  { config, options }: { readonly config: StatusConfig; readonly options: PublishOptions },
): Promise<SnapshotResult> {
  const store = stateStoreOf(context);
  const now = context.now();
  const [measurements, known, commit] = await Promise.all([
    readMeasurements(store),
    store.read('published'),
    contentCommit(context.root),
  ]);
  const text = await snapshotText({ root: context.root, now, redactNames: redactNamesOf(context.env), measurements });
  const bytes = new TextEncoder().encode(text);
  const findings = lastGate(rulesFor(config, context.env), ownAddressesOf(config))(snapshotFile, bytes);
  if (findings.length > 0) return { kind: 'held', findings };
  const edition = editionOf(commit, now);
  const last = known?.value.targets[target.place];
  const remembered = last?.generation;
  const by = newerThan(edition, last);
  if (by !== undefined && options.replaceNewer !== true) return { kind: 'superseded', by };
  if (remembered === undefined) await refuseEmpty(target);
  const put = await putSnapshot(target, { bytes, edition, remembered, replaceNewer: options.replaceNewer === true });
  if (put.kind === 'superseded') return put;
  await remember(store, target.place, { generation: put.generation, edition });
  return { kind: 'snapshot', edition, bytes: bytes.length };
}

/** Without a page around it the snapshot would be of no use, and in the way of the first publish. */
async function refuseEmpty(target: PublishTarget): Promise<void> {
  if ((await readHead(target)).head !== undefined) return;
  throw new Failure(`No page is published in ${target.place} yet.`, {
    fix: 'Publish the whole page once, without --snapshot.',
  });
}

interface SnapshotPut {
  readonly bytes: Uint8Array;
  readonly edition: Edition;
  readonly remembered: string | undefined;
  readonly replaceNewer: boolean;
}

type PutEnd =
  | { readonly kind: 'written'; readonly generation: string }
  | { readonly kind: 'superseded'; readonly by: Edition };

const mostAttempts = 5;

async function putSnapshot(
  target: PublishTarget,
  { bytes, edition, remembered, replaceNewer }: SnapshotPut,
): Promise<PutEnd> {
  const path = snapshotFile;
  const object: PublicObject = {
    path,
    bytes,
    edition,
    contentType: contentTypeOf(path),
    cacheControl: cacheControlOf(path),
  };
  const hash = createHash('sha256').update(bytes).digest('hex');
  let generation = remembered;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const outcome = await target.put(object, generation);
    if (outcome.kind === 'written') return outcome;
    const { present } = outcome;
    if (present?.hash === hash) return { kind: 'written', generation: present.generation };
    if (present !== undefined && present.hash === undefined) throw notOurs(target);
    const by = newerThan(edition, present);
    if (by !== undefined && !replaceNewer) return { kind: 'superseded', by };
    generation = present?.generation;
  }
  throw new Failure(`${path} in ${target.place} is written by somebody else all the time.`, {
    fix: 'Find out who else publishes there, then publish again.',
  });
}

function newerThan(edition: Edition, present: Pick<ObjectFacts, 'edition'> | undefined): Edition | undefined {
  return present?.edition !== undefined && isNewer(present.edition, edition) ? present.edition : undefined;
}

function notOurs({ place }: PublishTarget): Failure {
  return new Failure(`${snapshotFile} in ${place} was not published by Candor.`, {
    fix: 'Publish the whole page, without --snapshot and with --adopt, to replace it.',
  });
}

async function remember(
  store: StateStore,
  place: string,
  snapshot: { readonly generation: string; readonly edition: Edition },
): Promise<void> {
  await untilFresh(async () => {
    const stored = await store.read('published');
    const targets = { ...stored?.value.targets, [place]: snapshot };
    await store.write('published', { site_key: newSiteKey(), ...stored?.value, targets }, stored?.version);
  });
}
