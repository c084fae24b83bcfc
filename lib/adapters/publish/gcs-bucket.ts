import { type Attempted, type AttemptLimits, attempt } from './gcs-attempts.ts';
import { type AccessPolicy, type BucketCalls, bucketCalls, type ClientOptions } from './gcs-client.ts';
import { type Doing, failureOf } from './gcs-errors.ts';
import { realTiming, type TargetTiming } from './target-timing.ts';

/** An object on its way into a bucket: `bytes` as they are to be stored. */
export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
  /** MD5 of `bytes` in base64. */
  readonly md5: string;
  readonly contentType: string;
  readonly contentEncoding: 'gzip' | undefined;
  readonly cacheControl: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a bucket says of an object. */
export interface StoredObject {
  readonly generation: string;
  /** MD5 of the bytes as stored, in base64; absent of composed objects. */
  readonly md5: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What became of a write. */
export type InsertOutcome =
  | { readonly kind: 'written'; readonly generation: string }
  | { readonly kind: 'conflict'; readonly present: StoredObject | undefined };

/**
 * A bucket. Every write and delete has a precondition, so all of it may be repeated: what passes is tried again a few
 * times, and what became of a write whose answer was lost is read from what is there. Throws `Failure`.
 */
export interface GcsBucket {
  /** `gs://bucket`. */
  readonly place: string;
  /** Every object whose name begins with `prefix`, by name. */
  readonly list: (prefix: string) => Promise<ReadonlyMap<string, StoredObject>>;
  readonly stat: (name: string) => Promise<StoredObject | undefined>;
  /** Plain bytes, whatever the encoding in which they are stored, and what belongs to them. */
  readonly read: (name: string) => Promise<{ readonly bytes: Buffer; readonly object: StoredObject } | undefined>;
  /** Write where the generation is there; `undefined`: where there is none. */
  readonly insert: (upload: Upload, generation: string | undefined) => Promise<InsertOutcome>;
  /** Delete that generation; gone already counts as deleted. */
  readonly remove: (name: string, generation: string) => Promise<'removed' | 'conflict'>;
  /** The bucket as the JSON API describes it. */
  readonly settings: () => Promise<Readonly<Record<string, unknown>>>;
  /** Change what is named; `undefined` where the bucket was changed since that metageneration was read. */
  readonly configure: (
    settings: Readonly<Record<string, unknown>>,
    metageneration: string,
  ) => Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Who may do what with it. */
  readonly policy: () => Promise<AccessPolicy>;
  /** Change that; the service refuses a policy that was changed since it was read. */
  readonly grant: (policy: AccessPolicy) => Promise<void>;
}

/** The service takes one write a second to one name. */
export const betweenWritesMs = 1000;

/** From this size on an upload goes in parts, and continues where it broke off. */
const largeBytes = 8 * 1024 * 1024;

/** How often an object is looked at anew because it was replaced between its metadata and its bytes. */
const readRounds = 5;

/** How often a large upload begins anew because the service forgot it. */
const announceRounds = 3;

/** The bucket of that name. Nothing is asked before it is used. */
export function openBucket(
  name: string,
  options: ClientOptions & { readonly timing?: TargetTiming | undefined },
): GcsBucket {
  return new Client(name, options, options.timing ?? realTiming);
}

class Client implements GcsBucket {
  readonly place: string;
  readonly #name: string;
  readonly #options: ClientOptions;
  readonly #timing: TargetTiming;
  #calls: Promise<BucketCalls> | undefined;

  constructor(name: string, options: ClientOptions, timing: TargetTiming) {
    this.place = `gs://${name}`;
    this.#name = name;
    this.#options = options;
    this.#timing = timing;
  }

  async list(prefix: string): Promise<ReadonlyMap<string, StoredObject>> {
    const found = new Map<string, StoredObject>();
    let token: string | undefined;
    do {
      const page = await this.#try((calls) => calls.page(prefix, token));
      if (!page.ok) throw failureOf(page.error, this.#doing(prefix, 'could not be listed', 'storage.objects.list'));
      for (const { name, ...object } of page.value.objects) found.set(name, object);
      token = page.value.next;
    } while (token !== undefined);
    return found;
  }

  async stat(name: string): Promise<StoredObject | undefined> {
    const got = await this.#try((calls) => calls.get(name));
    if (got.ok) return got.value;
    if (isMissingObject(got)) return undefined;
    throw failureOf(got.error, this.#doing(name, 'could not be looked up', 'storage.objects.get'));
  }

  async read(name: string): Promise<{ bytes: Buffer; object: StoredObject } | undefined> {
    for (let round = 1; ; round += 1) {
      const object = await this.stat(name);
      if (object === undefined) return undefined;
      const got = await this.#try((calls) => calls.download(name, object.generation));
      if (got.ok) return { bytes: got.value, object };
      if (!isMissingObject(got) || round === readRounds) {
        throw failureOf(got.error, this.#doing(name, 'could not be read', 'storage.objects.get'));
      }
    }
  }

  async insert(upload: Upload, generation: string | undefined): Promise<InsertOutcome> {
    const sent = await (upload.bytes.length < largeBytes
      ? this.#try((calls) => calls.insert(upload, generation), {
          leastWaitMs: betweenWritesMs,
          bytes: upload.bytes.length,
        })
      : this.#insertInParts(upload, generation));
    if (sent.ok) return { kind: 'written', generation: sent.value.generation };
    if (sent.fault.kind !== 'precondition' && !sent.unsure) throw this.#notWritten(upload.name, generation, sent.error);
    return this.#whatBecameOf(upload, generation, sent);
  }

  async remove(name: string, generation: string): Promise<'removed' | 'conflict'> {
    const sent = await this.#try((calls) => calls.remove(name, generation), { leastWaitMs: betweenWritesMs });
    if (sent.ok || isMissingObject(sent)) return 'removed';
    if (sent.fault.kind === 'precondition') return (await this.stat(name)) === undefined ? 'removed' : 'conflict';
    throw failureOf(sent.error, this.#doing(name, 'could not be deleted', 'storage.objects.delete'));
  }

  async settings(): Promise<Readonly<Record<string, unknown>>> {
    const got = await this.#try((calls) => calls.settings());
    if (got.ok) return got.value;
    throw failureOf(got.error, this.#doing('', 'could not be looked up', 'storage.buckets.get'));
  }

  async configure(
    settings: Readonly<Record<string, unknown>>,
    metageneration: string,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const sent = await this.#try((calls) => calls.configure({ ...settings }, metageneration));
    if (sent.ok) return sent.value;
    if (sent.fault.kind === 'precondition') return undefined;
    throw failureOf(sent.error, this.#doing('', 'could not be set up', 'storage.buckets.update'));
  }

  async policy(): Promise<AccessPolicy> {
    const got = await this.#try((calls) => calls.policy());
    if (got.ok) return got.value;
    throw failureOf(got.error, this.#doing('', 'did not say who may read it', 'storage.buckets.getIamPolicy'));
  }

  async grant(policy: AccessPolicy): Promise<void> {
    const sent = await this.#try((calls) => calls.grant(policy));
    if (sent.ok) return;
    throw failureOf(sent.error, this.#doing('', 'could not be opened to readers', 'storage.buckets.setIamPolicy'));
  }

  /** The address of the upload outlives a broken connection: what has arrived is not sent again. */
  async #insertInParts(upload: Upload, generation: string | undefined): Promise<Attempted<StoredObject>> {
    const limits = { leastWaitMs: betweenWritesMs, bytes: upload.bytes.length };
    for (let round = 1; ; round += 1) {
      const announced = await this.#try((calls) => calls.announce(upload, generation), limits);
      if (!announced.ok) return announced;
      const sent = await this.#try(partsTo(upload, announced.value), limits);
      if (!isMissingObject(sent) || round === announceRounds) return sent;
    }
  }

  /**
   * A refused precondition says neither success nor somebody else's write: an attempt before it may have been ours. What
   * is there now says it, because nobody else's object has our bytes and our metadata.
   */
  async #whatBecameOf(
    upload: Upload,
    generation: string | undefined,
    sent: Extract<Attempted<StoredObject>, { ok: false }>,
  ): Promise<InsertOutcome> {
    const present = await this.stat(upload.name);
    const isNew = present !== undefined && present.generation !== generation;
    if (sent.unsure && isNew && isSame(present, upload)) return { kind: 'written', generation: present.generation };
    if (sent.fault.kind === 'precondition' || isNew) return { kind: 'conflict', present };
    throw this.#notWritten(upload.name, generation, sent.error);
  }

  #notWritten(name: string, generation: string | undefined, error: unknown) {
    const permission = generation === undefined ? 'storage.objects.create' : 'storage.objects.create and .delete';
    return failureOf(error, this.#doing(name, 'could not be written', permission));
  }

  async #try<T>(work: (calls: BucketCalls) => Promise<T>, limits?: AttemptLimits): Promise<Attempted<T>> {
    this.#calls ??= bucketCalls(this.#name, this.#options);
    const calls = await this.#calls;
    return attempt(this.#timing, () => work(calls), limits);
  }

  #doing(name: string, what: string, permission: string): Doing {
    return { on: name === '' ? this.place : `${this.place}/${name}`, what, permission, bucket: this.place };
  }
}

/** What to do at each attempt: all of it at first, and later what the service says is missing. */
function partsTo(upload: Upload, uri: string): (calls: BucketCalls) => Promise<StoredObject> {
  let tried = false;
  return async (calls) => {
    const arrived = tried ? await calls.arrived(upload, uri) : 0;
    tried = true;
    return typeof arrived === 'number' ? calls.proceed(upload, uri, arrived) : arrived;
  };
}

function isMissingObject(result: Attempted<unknown>): boolean {
  return !result.ok && result.fault.kind === 'missing' && result.fault.what === 'object';
}

function isSame(present: StoredObject, upload: Upload): boolean {
  const keys = Object.keys(upload.metadata);
  return (
    (present.md5 === undefined || present.md5 === upload.md5) &&
    keys.every((key) => present.metadata[key] === upload.metadata[key])
  );
}
