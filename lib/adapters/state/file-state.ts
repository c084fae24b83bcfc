import { folderFiles } from './folder-files.ts';
import type { StateStore } from './state-store.ts';
import { stateOver } from './stored-state.ts';

/** The state in a folder, which is made on the first write; several processes may use it at the same time. */
export function fileState(folder: string): StateStore {
  return stateOver(folderFiles(folder));
}
