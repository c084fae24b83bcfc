import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { Edition } from '../../schema/publish.ts';
import type { BucketAddress } from './bucket-address.ts';
import { isCompressible } from './content-type.ts';
import { betweenWritesMs, type GcsBucket, openBucket, type StoredObject, type Upload } from './gcs-bucket.ts';
import type { TargetOptions } from './open-target.ts';
import type { ObjectFacts, PublicObject, PublishTarget, PutOutcome } from './publish-target.ts';
import { realTiming, type Span, type TargetTiming } from './target-timing.ts';

/** The custom metadata of an object: its hash, and the build that it comes from. */
const hashKey = 'candor-hash';
const editionKey = 'candor-edition';

/**
 * Publish into a bucket of Google Cloud Storage. Text is stored compressed: who accepts gzip gets it so, and for everybody
 * else the service unpacks it.
 */
export function gcsTarget(address: BucketAddress, options: TargetOptions): PublishTarget {
  return new GcsTarget(address.prefix, openBucket(address.bucket, options), options.timing ?? realTiming);
}

class GcsTarget implements PublishTarget {
  readonly place: string;
  readonly #prefix: string;
  readonly #bucket: GcsBucket;
  readonly #timing: TargetTiming;
  readonly #lastWrites = new Map<string, Promise<Span>>();

  constructor(prefix: string, bucket: GcsBucket, timing: TargetTiming) {
    this.place = `${bucket.place}/${prefix}`.replace(/\/$/, '');
    this.#prefix = prefix;
    this.#bucket = bucket;
    this.#timing = timing;
  }

  async list(): Promise<ReadonlyMap<string, ObjectFacts>> {
    const found = new Map<string, ObjectFacts>();
    for (const [name, object] of await this.#bucket.list(this.#prefix)) {
      // What consoles make to show an empty folder has the name of the prefix itself.
      if (name !== this.#prefix) found.set(name.slice(this.#prefix.length), factsOf(object));
    }
    return found;
  }

  async read(path: string): Promise<{ bytes: Uint8Array; facts: ObjectFacts } | undefined> {
    const read = await this.#bucket.read(this.#nameOf(path));
    return read && { bytes: read.bytes, facts: factsOf(read.object) };
  }

  async stat(path: string): Promise<ObjectFacts | undefined> {
    const object = await this.#bucket.stat(this.#nameOf(path));
    return object && factsOf(object);
  }

  async put(object: PublicObject, generation: string | undefined): Promise<PutOutcome> {
    const upload = await uploadOf(this.#nameOf(object.path), object);
    const outcome = await this.#inTurn(upload.name, () => this.#bucket.insert(upload, generation));
    if (outcome.kind === 'written') return outcome;
    return { kind: 'conflict', present: outcome.present && factsOf(outcome.present) };
  }

  remove(path: string, generation: string): Promise<'removed' | 'conflict'> {
    const name = this.#nameOf(path);
    return this.#inTurn(name, () => this.#bucket.remove(name, generation));
  }

  /** Writes to one name wait for each other, and begin a second after the one before has ended. */
  #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lastWrites.get(name);
    const result = (async () => {
      await (await before)?.over();
      return work();
    })();
    const ended = result.then(
      () => this.#timing.span(betweenWritesMs),
      () => this.#timing.span(betweenWritesMs),
    );
    this.#lastWrites.set(name, ended);
    return result;
  }

  #nameOf(path: string): string {
    return this.#prefix + path;
  }
}

const compress = promisify(gzip);
const level = 6;

/** Up to this size, to hand a file to another thread takes longer than to compress it: most pages are smaller. */
const smallBytes = 64 * 1024;

/** The header names no system either, so that two machines store the same. */
async function compressed(plain: Buffer): Promise<Buffer> {
  const bytes = plain.length <= smallBytes ? gzipSync(plain, { level }) : await compress(plain, { level });
  bytes[9] = 255;
  return bytes;
}

/** The same bytes always become the same stored bytes: no time and no name stand in them. */
async function uploadOf(name: string, object: PublicObject): Promise<Upload> {
  const { contentType, cacheControl } = object;
  const plain = Buffer.from(object.bytes.buffer, object.bytes.byteOffset, object.bytes.byteLength);
  const isText = isCompressible(contentType) && plain.length > 0;
  const bytes = isText ? await compressed(plain) : plain;
  return {
    name,
    bytes,
    md5: createHash('md5').update(bytes).digest('base64'),
    contentType,
    contentEncoding: isText ? 'gzip' : undefined,
    cacheControl,
    metadata: {
      [hashKey]: createHash('sha256').update(plain).digest('hex'),
      [editionKey]: JSON.stringify(object.edition),
    },
  };
}

function factsOf({ generation, metadata }: StoredObject): ObjectFacts {
  return { generation, hash: metadata[hashKey], edition: editionOf(metadata[editionKey]) };
}

/** An edition that cannot be read is none: the object is then somebody else's. */
function editionOf(text: string | undefined): Edition | undefined {
  try {
    return text === undefined ? undefined : Edition.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
