import { type StateName, stateDocuments } from '../../schema/state.ts';

/** The files of a state as they lie somewhere, before anybody asks what they mean. Paths have forward slashes. */
export interface StateFiles {
  /** For messages: where they lie. Holds no secret. */
  readonly place: string;
  /** Options of `candor state` that lead there, for messages: empty for a folder. */
  readonly options: string;
  /** Look at the files; what is seen may be replaced meanwhile, each file as a whole. */
  look<T>(work: (files: PresentFiles) => Promise<T>): Promise<T>;
  /**
   * Change the files while nobody else does. Where that cannot be kept from happening, nothing of what `work` did
   * comes to be, and it is called again with the files as they are then.
   */
  change<T>(work: (files: ChangingFiles) => Promise<T>): Promise<T>;
}

/** The files as they are. */
export interface PresentFiles {
  /** The bytes, or `undefined` where there is no such file; `FileFault` where it cannot be read or is larger than that. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Every file of the state, in order; those set aside among them. */
  list(): Promise<readonly string[]>;
}

/** The files while they are changed. */
export interface ChangingFiles extends PresentFiles {
  replace(path: string, bytes: Uint8Array): Promise<void>;
  append(path: string, bytes: Uint8Array): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** A file is there and cannot be read; the message says why and goes on after the file's name. */
export class FileFault extends Error {}

/** The name of the audit log. */
export const logPath = 'audit.jsonl';

/** The folder of documents that were put out of the way. */
export const setAsideFolder = 'set-aside';

const mebibyte = 1024 * 1024;

/** How large a file of the state may be; what is larger is not read. */
export const maxBytes = { document: 64 * mebibyte, log: 256 * mebibyte } as const;

/** The file of a document. */
export function documentPath(name: StateName): string {
  return `${name}.json`;
}

/** Whether a state has files of this name: documents, the audit log, what was cut off from it, what was set aside. */
export function isStatePath(path: string): boolean {
  const [, document] = /^([^/]+)\.json$/.exec(path) ?? [];
  if (document !== undefined) return Object.hasOwn(stateDocuments, document);
  return /^(?:audit\.jsonl|audit\.torn-\d+\.jsonl|set-aside\/[^/]+)$/.test(path);
}
