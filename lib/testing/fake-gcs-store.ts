import { createHash } from 'node:crypto';

/** What the metadata of an object may say beside what the server works out; a resource of the JSON API. */
export interface ObjectFields {
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** An object as the fake holds it: `bytes` as stored. */
export interface HeldObject {
  readonly name: string;
  readonly bytes: Buffer;
  readonly generation: string;
  readonly metageneration: number;
  readonly fields: ObjectFields;
}

/** A bucket as the fake holds it; `settings` is whatever was patched into it. */
export interface HeldBucket {
  readonly name: string;
  readonly objects: Map<string, HeldObject>;
  metageneration: number;
  settings: Record<string, unknown>;
  /** Who may do what with it; a change names its `etag`. */
  policy: Record<string, unknown>;
}

/** A bucket that was just made. */
export function emptyBucket(name: string): HeldBucket {
  const policy = { kind: 'storage#policy', etag: 'first', bindings: [] };
  return { name, objects: new Map(), metageneration: 1, settings: {}, policy };
}

let lastGeneration = 1_763_600_000_000_000;

/** A generation that is higher than every one before. */
export function nextGeneration(): string {
  lastGeneration += 1;
  return String(lastGeneration);
}

/** The object as the JSON API describes it. */
export function objectResource(bucket: string, object: HeldObject): Record<string, unknown> {
  const { metadata, ...fields } = object.fields;
  return {
    kind: 'storage#object',
    id: `${bucket}/${object.name}/${object.generation}`,
    name: object.name,
    bucket,
    generation: object.generation,
    metageneration: String(object.metageneration),
    ...fields,
    storageClass: 'STANDARD',
    size: String(object.bytes.length),
    md5Hash: md5(object.bytes),
    crc32c: crc32c(object.bytes),
    etag: `etag-${object.generation}-${object.metageneration}`,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** The bucket as the JSON API describes it. */
export function bucketResource(bucket: HeldBucket): Record<string, unknown> {
  return {
    kind: 'storage#bucket',
    id: bucket.name,
    name: bucket.name,
    projectNumber: '1',
    location: 'EU',
    storageClass: 'STANDARD',
    metageneration: String(bucket.metageneration),
    etag: `etag-${bucket.metageneration}`,
    ...bucket.settings,
  };
}

/** The MD5 of the bytes, in base64. */
export function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('base64');
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** The CRC32C of the bytes, big-endian in base64. */
export function crc32c(bytes: Buffer): string {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (castagnoli[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  const result = Buffer.alloc(4);
  result.writeUInt32BE((sum ^ 0xffffffff) >>> 0);
  return result.toString('base64');
}

/** What `fields=` leaves of a resource: `items(name,metadata/key),nextPageToken`. */
export function selectFields(value: unknown, fields: string | null): unknown {
  if (fields === null || fields === '*') return value;
  if (Array.isArray(value)) return value.map((item) => selectFields(item, fields));
  if (typeof value !== 'object' || value === null) return value;
  const wanted = new Map(splitFields(fields).map(nameAndRest));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      wanted.has(key) ? [[key, selectFields(inner, wanted.get(key) ?? null)]] : [],
    ),
  );
}

/** The parts of a list of fields that commas separate outside of parentheses. */
function splitFields(fields: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of fields) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

function nameAndRest(part: string): [string, string | null] {
  const [, name = part, inside, below] = /^([^(/]+)(?:\((.*)\)|\/(.*))?$/.exec(part) ?? [];
  return [name, inside ?? below ?? null];
}
