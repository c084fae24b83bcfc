import { createHash } from 'node:crypto';
import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import { StateEnvelope, type StateName, type StateValue, stateDocuments, stateFormat } from '../../schema/state.ts';
import { Failure } from '../failure.ts';
import { type ChangingFiles, documentPath, FileFault, maxBytes, type PresentFiles } from './state-files.ts';

/** A document as it was found, and its version: its revision, and what its bytes come to. */
export interface FoundDocument<N extends StateName> {
  readonly revision: number;
  readonly value: StateValue<N>;
  readonly version: string;
}

/** The file was written by a Candor that knows more than this one. */
export class NewerFault extends FileFault {}

/** The document of that name, or `undefined` where there is none; `FileFault` where its file holds something else. */
export async function readDocument<N extends StateName>(
  files: PresentFiles,
  name: N,
): Promise<FoundDocument<N> | undefined> {
  const file = new DocumentFile(name, () => files.read(documentPath(name), maxBytes.document));
  const db = new Low<Envelope<N> | null>(file, null);
  await db.read();
  if (db.data === null) return undefined;
  const { revision, value } = db.data;
  return { revision, value, version: file.version };
}

/** Put a document into its file; resolves to its version. */
export async function writeDocument<N extends StateName>(
  files: ChangingFiles,
  name: N,
  { revision, value }: Pick<FoundDocument<N>, 'revision' | 'value'>,
): Promise<string> {
  const file = new DocumentFile(
    name,
    async () => undefined,
    (bytes) => files.replace(documentPath(name), bytes),
  );
  await new Low<Envelope<N> | null>(file, { format: stateFormat, revision, value }).write();
  return file.version;
}

/** Whether the file holds this version, byte for byte; it is not read any further. */
export async function holdsVersion(files: PresentFiles, name: StateName, version: string): Promise<boolean> {
  const bytes = await files.read(documentPath(name), maxBytes.document);
  return bytes !== undefined && versionOf(bytes, revisionOf(version)) === version;
}

/** The revision that a version is of; 0 for what is no version. */
export function revisionOf(version: string): number {
  return Number(/^(\d+)-/.exec(version)?.[1] ?? 0);
}

function versionOf(bytes: Uint8Array, revision: number): string {
  return `${revision}-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
}

type Envelope<N extends StateName> = Omit<StateEnvelope, 'value'> & { readonly value: StateValue<N> };

/** What lowdb reads and writes a document by: its bytes come from somewhere and go there as a whole. */
class DocumentFile<N extends StateName> implements Adapter<Envelope<N> | null> {
  version = '';
  readonly #name: N;
  readonly #load: () => Promise<Uint8Array | undefined>;
  readonly #save: (bytes: Uint8Array) => Promise<void>;

  constructor(
    name: N,
    load: () => Promise<Uint8Array | undefined>,
    save: (bytes: Uint8Array) => Promise<void> = async () => undefined,
  ) {
    this.#name = name;
    this.#load = load;
    this.#save = save;
  }

  async read(): Promise<Envelope<N> | null> {
    const bytes = await this.#load();
    if (bytes === undefined) return null;
    const envelope = decode(this.#name, bytes);
    this.version = versionOf(bytes, envelope.revision);
    return envelope;
  }

  async write(envelope: Envelope<N> | null): Promise<void> {
    if (envelope === null) return;
    const bytes = encode(this.#name, envelope);
    await this.#save(bytes);
    this.version = versionOf(bytes, envelope.revision);
  }
}

const schemas: { readonly [N in StateName]: z.ZodType<StateValue<N>> } = stateDocuments;

/** What the bytes of a document say; `FileFault` where they are something else. */
export function decodeDocument<N extends StateName>(
  name: N,
  bytes: Uint8Array,
): { revision: number; value: StateValue<N> } {
  const { revision, value } = decode(name, bytes);
  return { revision, value };
}

/** The bytes of a document of this revision. */
export function encodeDocument<N extends StateName>(name: N, revision: number, value: StateValue<N>): Uint8Array {
  return encode(name, { format: stateFormat, revision, value });
}

function decode<N extends StateName>(name: N, bytes: Uint8Array): Envelope<N> {
  const data = jsonOf(bytes);
  const format = Newer.safeParse(data).data?.format;
  if (format !== undefined) {
    throw new NewerFault(`is of format ${format}, from a newer Candor; this one reads up to ${stateFormat}`);
  }
  const envelope = checked(StateEnvelope, data);
  return { ...envelope, value: checked(schemas[name], envelope.value, ['value']) };
}

const Newer = z.object({ format: z.int().min(stateFormat + 1) });

function checked<T>(schema: z.ZodType<T>, data: unknown, under: readonly string[] = []): T {
  const { data: value, error } = schema.safeParse(data);
  if (error === undefined) return value;
  const [issue] = error.issues;
  const path = [...under, ...(issue?.path ?? [])];
  const where = path.length === 0 ? '' : ` at ${path.join('.')}`;
  throw new FileFault(`is JSON of another shape${where}: ${issue?.message ?? 'unknown'}`);
}

function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new FileFault('is empty');
  if (bytes.every((byte) => byte === 0)) throw new FileFault('holds nothing but zero bytes');
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FileFault('is no whole JSON', { cause });
  }
}

/** The text of UTF-8 bytes; `FileFault` where they are something else. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FileFault('is not UTF-8 text', { cause });
  }
}

/** A value that could not be read again is a bug of whoever wants to write it. */
function encode<N extends StateName>(name: N, envelope: Envelope<N>): Uint8Array {
  const { error } = schemas[name].safeParse(envelope.value);
  if (error !== undefined)
    throw new Error(`What is to be written as ${name} could not be read again.`, { cause: error });
  const bytes = Buffer.from(JSON.stringify(envelope));
  if (bytes.length <= maxBytes.document) return bytes;
  throw new Failure(`The state document ${name} has grown beyond ${maxBytes.document / 1024 / 1024} MiB.`, {
    fix: 'Run `candor prune`, or ask fewer probes.',
  });
}
