import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf } from '../schema/json-text.ts';
import { type Connectivity, JournalHead, JournalLine } from '../schema/run-journal.ts';
import type { Sample } from '../schema/sample.ts';
import { Failure } from './failure.ts';

/** The journal of a run that is under way: what is finished is in the file at once, so that a killed run loses nothing else. */
export interface RunJournal {
  /** Note the sample of the probe at this place in `asked`. */
  readonly finished: (asked: number, sample: Sample) => void;
  readonly checked: (connectivity: Connectivity) => void;
  /** No more is noted; the file stays until `removeJournal`. */
  readonly close: () => void;
}

/**
 * What a run that was killed left behind: what it had finished; or, `unbegun`, that it had asked nothing; or a file that
 * no run of this Candor writes.
 */
export type LeftRun = FinishedPart | { readonly kind: 'unbegun' | 'foreign' };

/** The part of a killed run that was finished. */
export interface FinishedPart {
  readonly kind: 'run';
  readonly head: JournalHead;
  /** One for each of `head.asked`, `undefined` where it was not finished. */
  readonly samples: readonly (Sample | undefined)[];
  readonly connectivity: Connectivity;
  /** What could not be read of it, for people. */
  readonly damage: string | undefined;
}

const fileName = 'run.jsonl';

/** Begin the journal of a run in the folder of a state; what an earlier run left there is overwritten, so read it before. */
export function beginJournal(folder: string, head: JournalHead): RunJournal {
  const path = join(folder, fileName);
  const file = attempt('write', path, () => {
    mkdirSync(folder, { recursive: true });
    return openSync(path, 'w', 0o600);
  });
  const note = (line: JournalHead | JournalLine) =>
    attempt('write', path, () => writeWhole(file, Buffer.from(`${JSON.stringify(line)}\n`)));
  note(head);
  return {
    finished: (asked, sample) => note({ asked, sample }),
    checked: (connectivity) => note({ connectivity }),
    close: () => closeSync(file),
  };
}

/** What a killed run left in the folder of a state. A torn last line is of a sample that was not finished. */
export function readLeftRun(folder: string): LeftRun | undefined {
  const text = readText(join(folder, fileName));
  if (text === undefined) return undefined;
  const [first = '', ...rest] = text.split('\n');
  if (rest.length === 0) return { kind: 'unbegun' };
  const head = JournalHead.safeParse(jsonOf(first));
  if (!head.success) return { kind: 'foreign' };
  const torn = rest.pop() !== '';
  const { samples, connectivity, unread } = readLines(rest, head.data.asked.length);
  const lost = unread + (torn ? 1 : 0);
  const damage = lost === 0 ? undefined : `${lost} of its lines ${lost === 1 ? 'is' : 'are'} torn`;
  return { kind: 'run', head: head.data, samples, connectivity, damage };
}

/** Take the journal away, once what it says is in the state. */
export function removeJournal(folder: string): void {
  const path = join(folder, fileName);
  attempt('remove', path, () => rmSync(path, { force: true }));
}

/** Put a journal that cannot be folded out of the way, for a person to look at; returns where it is now. */
export function setJournalAside(folder: string, now: Date): string {
  const path = join(folder, fileName);
  const aside = join(folder, `run.set-aside-${now.toISOString().replaceAll(/[-:.]/g, '')}.jsonl`);
  attempt('move', path, () => renameSync(path, aside));
  return aside;
}

function readLines(lines: readonly string[], count: number) {
  const samples: (Sample | undefined)[] = Array.from({ length: count });
  let connectivity: Connectivity = 'unchecked';
  let unread = 0;
  for (const text of lines) {
    const { data: line } = JournalLine.safeParse(jsonOf(text));
    if (line === undefined || ('asked' in line && line.asked >= count)) unread += 1;
    else if ('connectivity' in line) connectivity = line.connectivity;
    else samples[line.asked] = line.sample;
  }
  return { samples, connectivity, unread };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw refused('read', path, error);
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function attempt<T>(verb: string, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw refused(verb, path, error);
  }
}

function refused(verb: string, path: string, cause: unknown): Failure {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Failure(`Cannot ${verb} ${path}: ${why}.`, { fix: 'Look at the folder and its permissions.', cause });
}
