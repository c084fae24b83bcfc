import { createHash, randomUUID } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { BucketAddress } from '../publish/bucket-address.ts';
import type { GcsBucket, Upload } from '../publish/gcs-bucket.ts';
import type { TargetOptions } from '../publish/open-target.ts';
import { realTiming, type Span, type TargetTiming } from '../publish/target-timing.ts';
import { isReadByAnybody } from './public-bucket.ts';
import { type ChangingFiles, FileFault, isStatePath, type StateFiles } from './state-files.ts';
import type { StateStore } from './state-store.ts';
import { stateOver } from './stored-state.ts';

/** How a state in a bucket is opened. */
export interface BucketStateOptions extends TargetOptions {
  /** Where everybody reads what is public, asked once before anything is written; `undefined`: not asked. */
  readonly publicOrigin: string | undefined;
}

/** The state below a prefix of a private bucket: the files of a state in a folder, each an object. */
export function gcsState(address: BucketAddress, options: BucketStateOptions): StateStore {
  return stateOver(bucketFiles(address, options));
}

/** How often a race is run again before it is given up. */
const patience = 50;

/** The service takes one write a second to one name. */
const betweenWritesMs = 1000;

/**
 * The files of a state as objects. A bucket has no locks: a change is worked out on what was read, and each of its writes
 * names the generation that it replaces. Where another was faster, all of it is worked out again.
 */
function bucketFiles(address: BucketAddress, options: BucketStateOptions): StateFiles {
  const objects = new StateObjects(address, options);
  return {
    place: objects.place,
    options: ` --state ${objects.place}`,
    look: (work) => work(new Change(objects)),
    change: async (work) => {
      for (let tries = 1; tries <= patience; tries++) {
        const change = new Change(objects);
        const value = await work(change);
        if (await change.carryOut()) return value;
        await objects.pause(tries);
      }
      throw new Failure(`The state in ${objects.place} was changed by others ${patience} times in a row.`, {
        fix: 'Run the command again when fewer jobs write there; `concurrency` in a workflow lets them take turns.',
      });
    },
  };
}

/** A file as it was last seen. */
interface Seen {
  readonly generation: string;
  readonly bytes: Uint8Array;
}

/** The objects of one state. What was read once is not sent again as long as its generation is there. */
class StateObjects {
  readonly place: string;
  readonly #name: string;
  readonly #prefix: string;
  readonly #options: BucketStateOptions;
  #opened: Promise<GcsBucket> | undefined;
  readonly #timing: TargetTiming;
  readonly #seen = new Map<string, Seen>();
  readonly #lastWrites = new Map<string, Span>();
  #publicOrigin: string | undefined;

  constructor({ bucket, prefix }: BucketAddress, options: BucketStateOptions) {
    this.place = `gs://${bucket}/${prefix}`.replace(/\/$/, '');
    this.#name = bucket;
    this.#prefix = prefix;
    this.#options = options;
    this.#timing = options.timing ?? realTiming;
    this.#publicOrigin = options.publicOrigin;
  }

  async read(path: string): Promise<Seen | undefined> {
    const seen = this.#seen.get(path);
    if (seen !== undefined && (await this.generation(path)) === seen.generation) return seen;
    const found = await (await this.#bucket()).read(this.#prefix + path);
    if (found === undefined) return undefined;
    const now = { generation: found.object.generation, bytes: found.bytes };
    this.#seen.set(path, now);
    return now;
  }

  async generation(path: string): Promise<string | undefined> {
    return (await (await this.#bucket()).stat(this.#prefix + path))?.generation;
  }

  /** Every file of the state, and its generation. */
  async list(): Promise<Map<string, string>> {
    const found = [...(await (await this.#bucket()).list(this.#prefix))].map(
      ([name, { generation }]) => [name.slice(this.#prefix.length), generation] as const,
    );
    return new Map(found.filter(([path]) => isStatePath(path)));
  }

  /** Replace that generation, or put a file where there is none; `false` where another was faster. */
  async replace(path: string, bytes: Uint8Array, generation: string | undefined): Promise<boolean> {
    await this.#turn(path);
    const outcome = await (await this.#bucket()).insert(uploadOf(this.#prefix + path, bytes), generation);
    this.#lastWrites.set(path, this.#timing.span(betweenWritesMs));
    if (outcome.kind === 'conflict') return false;
    this.#seen.set(path, { generation: outcome.generation, bytes });
    return true;
  }

  async remove(path: string, generation: string): Promise<boolean> {
    await this.#turn(path);
    return (await (await this.#bucket()).remove(this.#prefix + path, generation)) === 'removed';
  }

  /** Loaded with the first request: most states are folders, and a run of the probes pays for what it loads. */
  #bucket(): Promise<GcsBucket> {
    this.#opened ??= import('../publish/gcs-bucket.ts').then(({ openBucket }) => openBucket(this.#name, this.#options));
    return this.#opened;
  }

  /** Not in step with others, and longer where it did not help. */
  pause(tries: number): Promise<void> {
    return this.#timing.sleep(Math.random() * 100 * Math.min(tries, 20));
  }

  async #turn(path: string): Promise<void> {
    await this.#mustBePrivate(path);
    await this.#lastWrites.get(path)?.over();
  }

  async #mustBePrivate(path: string): Promise<void> {
    const origin = this.#publicOrigin;
    if (origin === undefined) return;
    const name = `${this.#prefix}${path}`.split('/').map(encodeURIComponent).join('/');
    if (!(await isReadByAnybody(`${origin}/${this.#name}/${name}`))) {
      this.#publicOrigin = undefined;
      return;
    }
    throw new Failure(`Everybody can read ${this.place}, so no state was written there: it names probes and people.`, {
      fix: 'Keep the state in a bucket of its own: gcloud storage buckets create gs://NAME --uniform-bucket-level-access --public-access-prevention',
    });
  }
}

/**
 * An object on its way. It carries a number that no other write has, so that a write whose answer was lost is told from
 * somebody else's, even of the same bytes.
 */
function uploadOf(name: string, data: Uint8Array): Upload {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return {
    name,
    bytes,
    md5: createHash('md5').update(bytes).digest('base64'),
    contentType: 'application/json; charset=utf-8',
    contentEncoding: undefined,
    cacheControl: 'private, no-store',
    metadata: { 'candor-write': randomUUID() },
  };
}

/** What one piece of work sees and wants; nothing of it is there before it is carried out. */
class Change implements ChangingFiles {
  readonly #objects: StateObjects;
  /** Each file as it was when it was last looked at; `undefined`: it was not there. */
  readonly #seen = new Map<string, Seen | undefined>();
  #listed: ReadonlyMap<string, string> | undefined;
  /** In the order in which they are to be there; `undefined`: taken away. */
  readonly #wanted = new Map<string, Uint8Array | undefined>();

  constructor(objects: StateObjects) {
    this.#objects = objects;
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    if (this.#wanted.has(path)) return this.#wanted.get(path);
    const seen = await this.#objects.read(path);
    this.#seen.set(path, seen);
    if (seen !== undefined && seen.bytes.length > maxBytes) {
      throw new FileFault(`is larger than ${maxBytes / 1024 / 1024} MiB`);
    }
    return seen?.bytes;
  }

  async list(): Promise<readonly string[]> {
    this.#listed = await this.#objects.list();
    const paths = new Set([...this.#listed.keys(), ...this.#wanted.keys()]);
    return [...paths].filter((path) => !this.#wanted.has(path) || this.#wanted.get(path) !== undefined).sort();
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    this.#wanted.set(path, bytes);
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    this.#wanted.set(path, Buffer.concat([await this.#known(path), bytes]));
  }

  async move(from: string, to: string): Promise<void> {
    this.#wanted.set(to, await this.#known(from));
    this.#wanted.set(from, undefined);
  }

  async remove(path: string): Promise<void> {
    this.#wanted.set(path, undefined);
  }

  /** Write what is wanted, one after the other; `false` where another was faster: then it has to be worked out again. */
  async carryOut(): Promise<boolean> {
    for (const [path, bytes] of this.#wanted) {
      const generation = await this.#generationOf(path);
      if (bytes !== undefined) {
        if (!(await this.#objects.replace(path, bytes, generation))) return false;
      } else if (generation !== undefined && !(await this.#objects.remove(path, generation))) return false;
    }
    return true;
  }

  /** The bytes that were decided upon: what came in between is found when the change is carried out. */
  async #known(path: string): Promise<Uint8Array> {
    if (!this.#wanted.has(path) && this.#seen.has(path)) return this.#seen.get(path)?.bytes ?? new Uint8Array();
    return (await this.read(path, Number.POSITIVE_INFINITY)) ?? new Uint8Array();
  }

  async #generationOf(path: string): Promise<string | undefined> {
    if (this.#seen.has(path)) return this.#seen.get(path)?.generation;
    return this.#listed === undefined ? this.#objects.generation(path) : this.#listed.get(path);
  }
}
