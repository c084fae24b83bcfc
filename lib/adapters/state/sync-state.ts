import { setTimeout } from 'node:timers/promises';
import { commonHead } from '../../policy/audit-join.ts';
import { type StateName, stateNames } from '../../schema/state.ts';
import { Failure } from '../failure.ts';
import { repairedLog } from './audit-file.ts';
import { memoryOf, remember } from './carried-memory.ts';
import { folderFiles } from './folder-files.ts';
import { type BranchAddress, type OpenBranch, withBranch } from './git-branch.ts';
import { branchFiles, fetchedFiles } from './git-state.ts';
import { type Base, baseOf, type Origin, type Reconciled, type Side } from './reconcile-state.ts';
import { decodeDocument, writeDocument } from './state-document.ts';
import { type ChangingFiles, documentPath, logPath, type StateFiles } from './state-files.ts';
import { sideOf, together } from './state-side.ts';
import { explained, moveAway } from './stored-state.ts';

/** What became of a state that was carried between a folder and a branch. */
export interface Carried {
  /** The branch, for messages. */
  readonly place: string;
  /** The commit that the branch is at now; `undefined`: there is no such branch. */
  readonly commit: string | undefined;
  /** Whether something changed where it was carried to. */
  readonly changed: boolean;
  readonly origins: Readonly<Record<StateName, Origin>>;
  /** How many entries the audit log has, and how many of the folder's were chained anew after the branch's. */
  readonly entries: number;
  readonly joined: number;
}

/**
 * Bring what the branch says into the folder. What only the folder changed since the two last met stays, and what both
 * changed is merged, so that nothing that was not pushed is lost.
 */
export async function pullState(folder: string, address: BranchAddress, now: Date): Promise<Carried> {
  const files = folderFiles(folder);
  const fetched = await withBranch(address, async (branch) => ({
    commit: branch.tree.commit,
    theirs: await sideOf(branchFiles(address), fetchedFiles(branch), {}),
  }));
  return files.change(async (changing) => {
    const memory = await memoryOf(changing, address);
    const from = branchFiles(address);
    if (fetched.commit === undefined)
      return carried(address, undefined, false, await ownOutcome(files, changing, memory));
    const { outcome, changed } = await absorb({ files, changing, from, now }, memory, fetched.theirs);
    await remember(changing, address, fetched.theirs);
    return carried(address, fetched.commit, changed, outcome);
  });
}

/** The folder as it is: a branch that is not there has nothing to say, least of all that documents were put away. */
async function ownOutcome(files: StateFiles, changing: ChangingFiles, known: Base): Promise<Reconciled> {
  const ours = await sideOf(files, changing, known);
  return together({}, ours, { documents: new Map(), log: '' }, [files, files]);
}

/** How often a race is run again before it is given up. */
const patience = 50;

/**
 * Bring what the folder says to the branch, as its one commit. Where the branch moved since the two last met, what only
 * it changed stays, what both changed is merged, and the folder has the outcome as well.
 */
export async function pushState(folder: string, address: BranchAddress, now: Date): Promise<Carried> {
  for (let tries = 1; tries <= patience; tries++) {
    const pushed = await withBranch(address, (branch) => pushOnce(folder, address, branch, now));
    if (pushed !== undefined) return pushed;
    await setTimeout(Math.random() * 20 * Math.min(tries, 25));
  }
  throw new Failure(`The ${branchFiles(address).place} was changed by others ${patience} times in a row.`, {
    fix: 'Nothing is lost: run `candor state push` again when fewer jobs write there.',
  });
}

/** `undefined` where the branch moved meanwhile, so that nothing was pushed. */
async function pushOnce(
  folder: string,
  address: BranchAddress,
  branch: OpenBranch,
  now: Date,
): Promise<Carried | undefined> {
  const files = folderFiles(folder);
  const { ours, base } = await files.change(async (changing) => {
    const known = branch.tree.commit === undefined ? {} : await memoryOf(changing, address);
    await explained(files, logPath, () => repairedLog(changing));
    return { ours: await sideOf(files, changing, known), base: known };
  });
  const theirs = await sideOf(branchFiles(address), fetchedFiles(branch), base);
  const outcome = together(base, ours, theirs, [files, branchFiles(address)]);
  const changed = !isSame(outcome, theirs);
  const commit = changed ? await branch.replace(treeOf(branch, outcome)) : branch.tree.commit;
  if (changed && commit === undefined) return undefined;
  await files.change(async (changing) => {
    await absorb({ files, changing, from: branchFiles(address), now }, baseOf(ours), outcome);
    await remember(changing, address, outcome);
  });
  return carried(address, commit, changed, outcome);
}

/** A folder that is being changed by what comes from elsewhere. */
interface Absorbing {
  readonly files: StateFiles;
  readonly changing: ChangingFiles;
  readonly from: StateFiles;
  readonly now: Date;
}

/** Make the folder hold what it and `theirs` come to; `base` is what both went on from. */
async function absorb(
  { files, changing, from, now }: Absorbing,
  base: Base,
  theirs: Side,
): Promise<{ outcome: Reconciled; changed: boolean }> {
  await explained(files, logPath, () => repairedLog(changing));
  const ours = await sideOf(files, changing, base);
  const outcome = together(base, ours, theirs, [files, from]);
  if (!outcome.log.startsWith(ours.log)) await moveHeadBack(changing, ours, outcome);
  for (const step of stepsTo(outcome, ours)) {
    if (step === 'log') await changing.replace(logPath, Buffer.from(outcome.log));
    else {
      const bytes = outcome.documents.get(step);
      if (bytes === undefined) await moveAway(files, changing, step, now);
      else await changing.replace(documentPath(step), bytes);
    }
  }
  return { outcome, changed: !isSame(outcome, ours) };
}

/**
 * Before entries are chained anew the head goes back to where both chains are the same, so that it is right at any moment,
 * also where the process ends before it knows the new one.
 */
async function moveHeadBack(changing: ChangingFiles, ours: Side, outcome: Side): Promise<void> {
  const present = ours.documents.get('audit-head');
  if (present === undefined) return;
  const value = commonHead(ours.log, outcome.log);
  if (value === undefined) return changing.remove(documentPath('audit-head'));
  const { revision } = decodeDocument('audit-head', present);
  await writeDocument(changing, 'audit-head', { revision: revision + 1, value });
}

/**
 * What is to be written, in an order in which a process that ends in between leaves nothing that looks lost: a document
 * before the log that tells of it, and the head of the log after it, but for a first head, which the log may tell of.
 */
function stepsTo(outcome: Side, ours: Side): (StateName | 'log')[] {
  const differs = (name: StateName) => baseOf(outcome)[name] !== baseOf(ours)[name];
  const isJoined = !outcome.log.startsWith(ours.log);
  const head = differs('audit-head') || isJoined ? (['audit-head'] as const) : [];
  const log = outcome.log === ours.log ? [] : (['log'] as const);
  const others = stateNames.filter((name) => name !== 'audit-head' && differs(name));
  return ours.documents.has('audit-head') ? [...others, ...log, ...head] : [...others, ...head, ...log];
}

function isSame(one: Side, other: Side): boolean {
  const differs = stateNames.some((name) => baseOf(one)[name] !== baseOf(other)[name]);
  return !differs && one.log === other.log;
}

function treeOf(branch: OpenBranch, outcome: Side): Map<string, Uint8Array | { readonly id: string }> {
  const files = new Map<string, Uint8Array | { readonly id: string }>(branch.tree.files);
  for (const name of stateNames) {
    const bytes = outcome.documents.get(name);
    if (bytes === undefined) files.delete(documentPath(name));
    else files.set(documentPath(name), bytes);
  }
  if (outcome.log !== '') files.set(logPath, Buffer.from(outcome.log));
  return files;
}

function carried(
  address: BranchAddress,
  commit: string | undefined,
  changed: boolean,
  { origins, log, joined }: Reconciled,
): Carried {
  const entries = log.split('\n').length - 1;
  return { place: branchFiles(address).place, commit, changed, origins, entries, joined };
}
