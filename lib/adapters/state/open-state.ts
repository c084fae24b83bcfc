import { Failure } from '../failure.ts';
import { fileState } from './file-state.ts';
import type { StateStore } from './state-store.ts';

/** The state at `address`: an absolute folder. A bucket is refused for now. */
export function openState(address: string): StateStore {
  return fileState(localFolder(address));
}

/** The folder at `address`; a bucket is none, and is refused for now. */
export function localFolder(address: string): string {
  if (!address.startsWith('gs://')) return address;
  throw new Failure(`${address}: a bucket cannot keep the state yet.`, {
    fix: 'Give --state a folder; `candor state push` and `candor state pull` keep it on a branch of the repository.',
  });
}
