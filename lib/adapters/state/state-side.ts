import { damageOf } from '../../policy/audit-chain.ts';
import { documentHistory } from '../../policy/state-history.ts';
import { type StateName, stateNames } from '../../schema/state.ts';
import { wholeLog } from './audit-file.ts';
import { type Base, fingerprint, type Reconciled, reconcile, type Side } from './reconcile-state.ts';
import { decodeDocument } from './state-document.ts';
import { documentPath, logPath, maxBytes, type PresentFiles, type StateFiles } from './state-files.ts';
import { BrokenState } from './state-store.ts';
import { explained, lost } from './stored-state.ts';

/** What the files say; every document that is not known to be sound by `known` is read as whoever uses it would. */
export async function sideOf(files: StateFiles, present: PresentFiles, known: Base): Promise<Side> {
  const documents = new Map<StateName, Uint8Array>();
  for (const name of stateNames) {
    const path = documentPath(name);
    const bytes = await explained(files, path, () => present.read(path, maxBytes.document));
    if (bytes === undefined) continue;
    if (known[name] !== fingerprint(bytes)) await explained(files, path, async () => decodeDocument(name, bytes));
    documents.set(name, bytes);
  }
  return { documents, log: await explained(files, logPath, () => wholeLog(present)) };
}

/** What both sides come to; refused where a document is gone from both that nobody discarded. */
export function together(
  base: Base,
  ours: Side,
  theirs: Side,
  [ourFiles, theirFiles]: readonly [StateFiles, StateFiles],
): Reconciled {
  mustBeSound(ourFiles, theirFiles, ours, theirs);
  for (const name of stateNames) {
    if (ours.documents.has(name) || theirs.documents.has(name)) continue;
    for (const [files, { log }] of [
      [ourFiles, ours],
      [theirFiles, theirs],
    ] as const) {
      if (documentHistory(log).get(name)?.present === true) throw lost(files, name);
    }
  }
  return reconcile(base, ours, theirs);
}

/** Logs that neither continue each other nor are sound are not joined: what is missing would be papered over. */
function mustBeSound(ourFiles: StateFiles, theirFiles: StateFiles, ours: Side, theirs: Side): void {
  if (ours.log.startsWith(theirs.log) || theirs.log.startsWith(ours.log)) return;
  for (const [files, side] of [
    [ourFiles, ours],
    [theirFiles, theirs],
  ] as const) {
    const head = side.documents.get('audit-head');
    const damage = damageOf(side.log, head && decodeDocument('audit-head', head).value);
    if (damage === undefined) continue;
    throw new BrokenState(
      `The audit log of the state in ${files.place} is damaged, so nothing was carried. ${damage.message}`,
      {
        fix: '`candor audit verify` says everything that is wrong; docs/audit.md says how to repair it.',
      },
    );
  }
}
