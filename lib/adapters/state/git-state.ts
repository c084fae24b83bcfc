import { setTimeout } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { type BranchAddress, type OpenBranch, placeOf, withBranch } from './git-branch.ts';
import { type ChangingFiles, FileFault, type PresentFiles, type StateFiles } from './state-files.ts';
import type { StateStore } from './state-store.ts';
import { stateOver } from './stored-state.ts';

/** The state on a branch of a remote: always one commit without a parent, whose files are those of a state in a folder. */
export function gitState(address: BranchAddress): StateStore {
  return stateOver(branchFiles(address));
}

/** How often a race is run again before it is given up. */
const patience = 50;

/** The files of the state on a branch. A change is one push; where the branch moved meanwhile, it is made again. */
export function branchFiles(address: BranchAddress): StateFiles {
  return {
    place: placeOf(address),
    options: ` --branch ${address.branch}`,
    look: (work) => withBranch(address, (branch) => work(fetchedFiles(branch))),
    change: async (work) => {
      for (let tries = 1; tries <= patience; tries++) {
        const outcome = await withBranch(address, (branch) => changed(branch, work));
        if (outcome.made) return outcome.value;
        await setTimeout(Math.random() * 20 * Math.min(tries, 25));
      }
      throw new Failure(`The ${placeOf(address)} was changed by others ${patience} times in a row.`, {
        fix: 'Run the command again when fewer jobs write there; `concurrency` in a workflow lets them take turns.',
      });
    },
  };
}

type Written = Map<string, Uint8Array | { readonly id: string; readonly size: number } | undefined>;

async function changed<T>(
  branch: OpenBranch,
  work: (files: ChangingFiles) => Promise<T>,
): Promise<{ made: true; value: T } | { made: false }> {
  const written: Written = new Map();
  const value = await work(changing(branch, written));
  if (written.size === 0) return { made: true, value };
  const files = new Map<string, Uint8Array | { readonly id: string }>();
  for (const [path, content] of [...branch.tree.files, ...written]) {
    if (content === undefined) files.delete(path);
    else files.set(path, content);
  }
  return (await branch.replace(files)) === undefined ? { made: false } : { made: true, value };
}

/** The files of the branch as they were fetched. */
export function fetchedFiles(branch: OpenBranch): PresentFiles {
  return present(branch, new Map());
}

function present(branch: OpenBranch, written: Written): PresentFiles {
  const find = (path: string) => (written.has(path) ? written.get(path) : branch.tree.files.get(path));
  return {
    read: async (path, maxBytes) => {
      const content = find(path);
      if (content === undefined || content instanceof Uint8Array) return content;
      if (content.size > maxBytes) throw new FileFault(`is larger than ${maxBytes / 1024 / 1024} MiB`);
      return branch.read(content.id);
    },
    list: async () => {
      const paths = new Set([...branch.tree.files.keys(), ...written.keys()]);
      return [...paths].filter((path) => find(path) !== undefined).sort();
    },
  };
}

function changing(branch: OpenBranch, written: Written): ChangingFiles {
  const { read, list } = present(branch, written);
  return {
    read,
    list,
    replace: async (path, bytes) => void written.set(path, bytes),
    remove: async (path) => void written.set(path, undefined),
    append: async (path, bytes) => {
      const before = (await read(path, Number.POSITIVE_INFINITY)) ?? new Uint8Array();
      written.set(path, Buffer.concat([before, bytes]));
    },
    move: async (from, to) => {
      const content = written.get(from) ?? branch.tree.files.get(from);
      written.set(from, undefined);
      written.set(to, content);
    },
  };
}
