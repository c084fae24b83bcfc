import { createHash } from 'node:crypto';
import { joinLogs } from '../../policy/audit-join.ts';
import { mergePublished } from '../../policy/merge-published.ts';
import { mergeProbes, mergeRecorded, mergeUptime } from '../../policy/merge-state.ts';
import { documentHistory } from '../../policy/state-history.ts';
import { type StateName, type StateValue, stateNames } from '../../schema/state.ts';
import { decodeDocument, encodeDocument } from './state-document.ts';

/** All that one side of a state says: the bytes of its documents, and its audit log, both sound. */
export interface Side {
  readonly documents: ReadonlyMap<StateName, Uint8Array>;
  readonly log: string;
}

/** Where a document of the outcome comes from: one side, both merged, the same on both; `gone`: one side had put it away. */
export type Origin = 'same' | 'folder' | 'branch' | 'merged' | 'gone' | 'none';

/** What two sides come to. */
export interface Reconciled extends Side {
  readonly origins: Readonly<Record<StateName, Origin>>;
  /** How many audit entries of the folder were chained anew after those of the branch. */
  readonly joined: number;
}

/** What both sides went on from: the fingerprint of each document, `null` where there was none; no entry: not known. */
export type Base = Readonly<Partial<Record<StateName, string | null>>>;

/** By what the bytes of a document are recognized. */
export function fingerprint(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The fingerprints of a side, for those that go on from it. */
export function baseOf(side: Side): Base {
  return Object.fromEntries(
    stateNames.map((name) => {
      const bytes = side.documents.get(name);
      return [name, bytes === undefined ? null : fingerprint(bytes)];
    }),
  );
}

/** What `ours` and `theirs` come to: what one side alone changed is that side's, and what both changed is merged. */
export function reconcile(base: Base, ours: Side, theirs: Side): Reconciled {
  const log = joinLogs(ours.log, theirs.log);
  const documents = new Map<StateName, Uint8Array>();
  const origins: Record<StateName, Origin> = {
    probes: 'none',
    uptime: 'none',
    recorded: 'none',
    published: 'none',
    'audit-head': 'none',
  };
  for (const name of stateNames) {
    const origin = originOf(name, base[name], ours, theirs);
    const bytes = bytesOf(name, origin, ours.documents.get(name), theirs.documents.get(name));
    if (bytes !== undefined) documents.set(name, bytes);
    origins[name] = origin;
  }
  const theirHead = theirs.documents.get('audit-head');
  if (log.head !== undefined && log.joined === 0 && theirHead !== undefined) {
    documents.set('audit-head', theirHead);
    origins['audit-head'] = 'branch';
  } else if (log.head !== undefined) {
    const revisions = [ours, theirs].map((side) => revisionIn('audit-head', side.documents.get('audit-head')));
    documents.set('audit-head', encodeDocument('audit-head', Math.max(...revisions) + 1, log.head));
    origins['audit-head'] = 'merged';
  }
  return { documents, origins, log: log.text, joined: log.joined };
}

function originOf(name: StateName, base: Base[StateName], ours: Side, theirs: Side): Origin {
  const [our, their] = [ours.documents.get(name), theirs.documents.get(name)];
  const [ourPrint, theirPrint] = [our, their].map((bytes) => (bytes === undefined ? null : fingerprint(bytes)));
  if (our === undefined && their === undefined) return 'none';
  if (ourPrint === theirPrint) return 'same';
  if (our === undefined) return base === theirPrint && wasDiscarded(name, ours) ? 'gone' : 'branch';
  if (their === undefined) return base === ourPrint && wasDiscarded(name, theirs) ? 'gone' : 'folder';
  if (base === theirPrint) return 'folder';
  // A branch that was made anew has not gone on from what the folder pushed once, and counts from 1 again.
  return base === ourPrint && revisionIn(name, their) > revisionIn(name, our) ? 'branch' : 'merged';
}

/** Whether a side is without a document because somebody wanted it so. */
function wasDiscarded(name: StateName, { log }: Side): boolean {
  return documentHistory(log).get(name)?.present === false;
}

function bytesOf(
  name: StateName,
  origin: Origin,
  our: Uint8Array | undefined,
  their: Uint8Array | undefined,
): Uint8Array | undefined {
  if (origin === 'none' || origin === 'gone') return undefined;
  if (origin === 'branch') return their;
  return origin === 'merged' && our !== undefined && their !== undefined ? merged(name, our, their) : our;
}

const merges: { readonly [N in StateName]: (ours: StateValue<N>, theirs: StateValue<N>) => StateValue<N> } = {
  probes: mergeProbes,
  uptime: mergeUptime,
  recorded: mergeRecorded,
  published: mergePublished,
  'audit-head': (ours, theirs) => (ours.seq > theirs.seq ? ours : theirs),
};

function merged<N extends StateName>(name: N, our: Uint8Array, their: Uint8Array): Uint8Array {
  const [ours, theirs] = [decodeDocument(name, our), decodeDocument(name, their)];
  const value = merges[name](ours.value, theirs.value);
  return encodeDocument(name, Math.max(ours.revision, theirs.revision) + 1, value);
}

function revisionIn(name: StateName, bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : decodeDocument(name, bytes).revision;
}
