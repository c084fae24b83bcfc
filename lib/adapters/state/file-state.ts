import type { StateStore } from './state-store.ts';

/** The state in a folder, which is made on the first write; several processes may use it at the same time. */
export function fileState(folder: string): StateStore {
  throw new Error(`Not written yet: ${folder}`);
}
