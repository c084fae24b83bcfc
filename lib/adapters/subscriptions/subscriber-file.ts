import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { z } from 'zod';
import { StoredSubscriptions, subscriptionFormat } from '../../schema/stored-subscription.ts';
import type { Announcement } from '../../schema/subscription.ts';
import { StoreState } from '../../subscriptions/store/store-state.ts';
import {
  changesOf,
  inconsistency,
  storedMail,
  storedPage,
  storedSeen,
  storedSubscriber,
} from '../../subscriptions/store/stored-records.ts';
import { Failure } from '../failure.ts';
import { replaceDurably } from '../state/durable-file.ts';
import { EncodedRecords } from './encoded-records.ts';

const maxBytes = 1024 * 1024 * 1024;

/** What lowdb reads and writes a store by: one file, replaced as a whole, on the disk when a write resolves. */
export class SubscriberFile implements Adapter<StoreState> {
  readonly #path: string;
  readonly #announcements = new EncodedRecords<Announcement>((one) => one);
  readonly #subscribers = new EncodedRecords(storedSubscriber);
  readonly #mails = new EncodedRecords(storedMail);
  /** Used for each write again: of a large file a new one each time would be more work than the rest. */
  #bytes = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<StoreState | null> {
    return (await readSubscriberFile(this.#path)) ?? null;
  }

  async write(state: StoreState): Promise<void> {
    await replaceDurably(this.#path, this.#joined(this.#partsOf(state)), 0o600);
  }

  #joined(parts: readonly Buffer[]): Buffer {
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    // Larger than needed, so that a file that grows does not take a new one each time; smaller again once a quarter would do.
    if (size > this.#bytes.length || size < this.#bytes.length / 4)
      this.#bytes = Buffer.allocUnsafe(Math.ceil(size * 1.25));
    let at = 0;
    for (const part of parts) at += part.copy(this.#bytes, at);
    return this.#bytes.subarray(0, size);
  }

  /** What `everythingIn` says, one record a line. */
  #partsOf(state: StoreState): Buffer[] {
    const { page, key } = state;
    const format = subscriptionFormat;
    const head = JSON.stringify({ format, key, page: page && storedPage(page), seen: storedSeen(state) });
    return [
      Buffer.from(`${head.slice(0, -1)},\n"announcements":`),
      ...this.#announcements.encode(state.table('announcements').values()),
      Buffer.from(',\n"subscribers":'),
      ...this.#subscribers.encode(state.table('subscribers').values()),
      Buffer.from(',\n"mails":'),
      ...this.#mails.encode(state.table('mails').values()),
      Buffer.from('}\n'),
    ];
  }
}

/** The state that a file holds; `undefined` where there is none, a `Failure` where it holds something else. */
export async function readSubscriberFile(path: string): Promise<StoreState | undefined> {
  const bytes = await bytesOf(path);
  if (bytes === undefined) return undefined;
  const state = new StoreState();
  state.apply(changesOf(parsed(path, bytes)));
  return state;
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw unusable(path, 'is no plain file');
      if (found.size > maxBytes) throw unusable(path, `is larger than ${maxBytes / 1024 / 1024} MiB`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read (${code ?? 'no reason given'})`, error);
  }
}

function parsed(path: string, bytes: Buffer): StoredSubscriptions {
  const data = jsonOf(path, bytes);
  const newer = Newer.safeParse(data).data?.format;
  if (newer !== undefined) {
    throw new Failure(
      `${path} is of format ${newer}, from a newer Candor; this one reads up to ${subscriptionFormat}. It was left as it is.`,
      { fix: 'Update Candor here; nothing is lost meanwhile.' },
    );
  }
  const { data: stored, error } = StoredSubscriptions.safeParse(data);
  if (stored === undefined) {
    const [issue] = error.issues;
    throw unusable(path, `is JSON of another shape at ${issue?.path.join('.') || 'the top'}: ${issue?.message ?? ''}`);
  }
  const fault = inconsistency(stored);
  if (fault !== undefined) throw unusable(path, fault);
  return stored;
}

const Newer = z.object({ format: z.int().min(subscriptionFormat + 1) });

function jsonOf(path: string, bytes: Buffer): unknown {
  if (bytes.length === 0) throw unusable(path, 'is empty');
  if (bytes.every((byte) => byte === 0)) throw unusable(path, 'holds nothing but zero bytes');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw unusable(path, cause instanceof SyntaxError ? 'is no whole JSON' : 'is not UTF-8 text', cause);
  }
}

function unusable(path: string, reason: string, cause?: unknown): Failure {
  return new Failure(`${path} ${reason}. It was left as it is.`, {
    fix: 'Bring the file back from a copy. Where there is none, move it away: everybody has to subscribe anew then.',
    cause,
  });
}
