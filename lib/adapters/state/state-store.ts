import type { StateName, StateValue } from '../../schema/state.ts';
import { Failure } from '../failure.ts';

/** A document as it was read: what it says, and the version that a write must name to replace it. */
export interface Stored<N extends StateName> {
  readonly value: StateValue<N>;
  readonly version: string;
}

/** Somebody else wrote since the document was read: read again, decide again. Exit code 3 where nobody does. */
export class StaleState extends Failure {}

/** The state cannot be used as it lies there: empty, torn, of a newer format, missing where it must not be. */
export class BrokenState extends Failure {}

/**
 * Where measurements are kept. Documents are written as a whole, atomically and durably; of two writers that read the
 * same version the second is told so (`StaleState`). A document that cannot be understood is refused (`BrokenState`, with
 * its name and the reason) and left as it lies. Every implementation passes `lib/testing/state-store-contract.ts`.
 */
export interface StateStore {
  /** For messages: a folder, `branch candor-state of origin`, `gs://…`. Holds no secret. */
  readonly place: string;
  /** The document, or `undefined` where there is none. */
  read<N extends StateName>(name: N): Promise<Stored<N> | undefined>;
  /** Replace the version that was read (`undefined`: there was none); resolves to the new version. */
  write<N extends StateName>(name: N, value: StateValue<N>, version: string | undefined): Promise<string>;
  /** The whole audit log as text, byte for byte; empty where there is none. */
  readLog(): Promise<string>;
  /**
   * Append to the audit log: `lines` is given the log's present text and the documents that are there, and returns whole
   * lines to add, each ending in a line feed (none: nothing is written). No other append comes in between, but `lines`
   * may be asked again; a torn last line has been set aside before.
   */
  appendLog(lines: (present: string, documents: readonly StateName[]) => string): Promise<void>;
  /** Put the document out of the way under another name, for a person to look at; resolves to where it is now. */
  setAside(name: StateName, now: Date): Promise<string>;
  /** Keep a text that was taken out of documents beside those that were put out of the way; resolves to where it is. */
  keepAside(label: string, text: string, now: Date): Promise<string>;
}
