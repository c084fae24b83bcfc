import { documentHistory } from '../../policy/state-history.ts';
import { type StateName, stateNames } from '../../schema/state.ts';
import { repairedLog } from './audit-file.ts';
import {
  type FoundDocument,
  holdsVersion,
  NewerFault,
  readDocument,
  revisionOf,
  writeDocument,
} from './state-document.ts';
import {
  type ChangingFiles,
  documentPath,
  FileFault,
  logPath,
  maxBytes,
  type PresentFiles,
  type StateFiles,
  setAsideFolder,
} from './state-files.ts';
import { BrokenState, StaleState, type StateStore } from './state-store.ts';

/** A state over the files that it lies in. */
export function stateOver(files: StateFiles): StateStore {
  return {
    place: files.place,
    read: async (name) => {
      const found = await files.look((present) => documentOf(files, present, name));
      return found === undefined ? undefined : { value: found.value, version: found.version };
    },
    write: (name, value, version) =>
      files.change(async (changing) => {
        await mustHold(files, changing, name, version);
        return writeDocument(changing, name, { revision: revisionOf(version ?? '') + 1, value });
      }),
    readLog: async () => {
      const seen = await files.look((present) => logOf(files, present));
      // What ends in the middle of a line may be an append that is under way.
      return seen === '' || seen.endsWith('\n') ? seen : files.change((still) => logOf(files, still));
    },
    appendLog: (lines) =>
      files.change(async (changing) => {
        const present = await explained(files, logPath, () => repairedLog(changing));
        const added = lines(present, await documentsIn(changing));
        if (added === '') return;
        if (!added.endsWith('\n')) throw new Error('An entry of the audit log ends in a line feed.');
        await changing.append(logPath, Buffer.from(added));
      }),
    setAside: (name, now) => files.change((changing) => moveAway(files, changing, name, now)),
    keepAside: (label, text, now) =>
      files.change(async (changing) => {
        const to = freeAside(await changing.list(), label, now);
        await changing.replace(to, Buffer.from(text));
        return to;
      }),
  };
}

/** The document; `BrokenState` where it cannot be understood, or is gone although the log says that it was created. */
async function documentOf<N extends StateName>(
  files: StateFiles,
  present: PresentFiles,
  name: N,
): Promise<FoundDocument<N> | undefined> {
  const read = () => explained(files, documentPath(name), () => readDocument(present, name));
  const found = await read();
  if (found !== undefined || !(await wasCreated(present, name))) return found;
  // It may have been created since it was looked for.
  const again = await read();
  if (again === undefined) throw lost(files, name);
  return again;
}

/** The text of the audit log as it lies there; empty where there is none. What is no text is for its check to find. */
function logOf(files: StateFiles, present: PresentFiles): Promise<string> {
  return explained(files, logPath, async () => {
    const bytes = await present.read(logPath, maxBytes.log);
    return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
  });
}

async function documentsIn(present: PresentFiles): Promise<StateName[]> {
  const paths = await present.list();
  return stateNames.filter((name) => paths.includes(documentPath(name)));
}

async function wasCreated(present: PresentFiles, name: StateName): Promise<boolean> {
  const bytes = await present.read(logPath, maxBytes.log);
  if (bytes === undefined) return false;
  return documentHistory(Buffer.from(bytes).toString('utf8')).get(name)?.present === true;
}

/** `StaleState` where the document is of another version than the one that was read; `BrokenState` where it is none. */
async function mustHold(
  files: StateFiles,
  changing: ChangingFiles,
  name: StateName,
  version: string | undefined,
): Promise<void> {
  const fits = () => (version === undefined ? false : holdsVersion(changing, name, version));
  if (await explained(files, documentPath(name), async () => fits())) return;
  const found = await documentOf(files, changing, name);
  if (found?.version !== version) throw stale(files, name);
}

/** Put a document out of the way; resolves to where it is now. */
export async function moveAway(
  files: StateFiles,
  changing: ChangingFiles,
  name: StateName,
  now: Date,
): Promise<string> {
  const taken = await changing.list();
  if (!taken.includes(documentPath(name))) throw lost(files, name);
  const to = freeAside(taken, name, now);
  await changing.move(documentPath(name), to);
  return to;
}

/** A name among what was put out of the way that nothing has yet. */
function freeAside(taken: readonly string[], label: string, now: Date): string {
  const instant = now.toISOString().replaceAll(/[-:.]/g, '');
  const to = (count: number) => `${setAsideFolder}/${label}-${instant}${count === 1 ? '' : `-${count}`}.json`;
  let count = 1;
  while (taken.includes(to(count))) count += 1;
  return to(count);
}

/** What `work` comes to; a file that cannot be used is explained to people. */
export async function explained<T>(files: StateFiles, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof FileFault ? broken(files, path, error) : error;
  }
}

function broken(files: StateFiles, path: string, fault: FileFault): BrokenState {
  return new BrokenState(`${path} of the state in ${files.place} ${fault.message}. It was left as it is.`, {
    fix: fixOf(files, path, fault),
    cause: fault,
  });
}

function fixOf(files: StateFiles, path: string, fault: FileFault): string {
  if (fault instanceof NewerFault) return 'Update Candor here; nothing is lost meanwhile.';
  if (path === logPath) return '`candor audit verify` says what is wrong; docs/audit.md says how to repair it.';
  return `Look at the file; where nobody can mend it, ${discard(files, path.slice(0, -'.json'.length))} puts it aside and begins anew.`;
}

/** A document is gone that nobody discarded. */
export function lost(files: StateFiles, name: StateName): BrokenState {
  const message = `${documentPath(name)} of the state in ${files.place} is gone, although the audit log says that it was created.`;
  return new BrokenState(message, {
    fix: `Bring the file back; where nobody can, ${discard(files, name)} begins anew.`,
  });
}

function discard(files: StateFiles, name: string): string {
  return `\`candor state discard ${name}${files.options}\``;
}

function stale(files: StateFiles, name: StateName): StaleState {
  return new StaleState(
    `${documentPath(name)} of the state in ${files.place} was changed by somebody else meanwhile.`,
    {
      fix: 'Run the command again.',
    },
  );
}
