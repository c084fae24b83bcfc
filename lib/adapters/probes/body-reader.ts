import { pipeline, type Readable, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { maxBodyBytes } from '../../policy/constants.ts';
import type { BodyNeed } from '../../policy/http-expectation.ts';

/** What came of reading a body: all of it, the text that was looked for, or more than is ever read. */
export type BodyRead =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'found' | 'too_large' | 'unknown_encoding' };

/** What the headers say of a body. */
export interface BodyForm {
  readonly contentEncoding: string;
  readonly contentType: string;
}

/**
 * Read a body as far as is needed and never past the limit, which counts decoded bytes. Throws the error of the stream or
 * of a decoder; the stream is destroyed where it was not read to its end.
 */
export async function readBody(body: Readable, form: BodyForm, need: BodyNeed): Promise<BodyRead> {
  const decoders = decodersOf(form.contentEncoding);
  if (decoders === undefined) return { kind: 'unknown_encoding' };
  const text = decoderOf(form.contentType);
  const keeper = need.kind === 'search' ? searching(need.text) : keeping();
  let size = 0;
  try {
    for await (const chunk of decoders.reduce<Bytes>((bytes, decode) => decode(bytes), body)) {
      size += chunk.length;
      const within = chunk.subarray(0, chunk.length - Math.max(0, size - maxBodyBytes));
      if (keeper.take(text.decode(within, { stream: true }))) return { kind: 'found' };
      if (size > maxBodyBytes) return { kind: 'too_large' };
    }
    return keeper.take(text.decode()) ? { kind: 'found' } : { kind: 'whole', text: keeper.kept() };
  } finally {
    body.destroy();
  }
}

/** More than one is rare; many are an attack. */
const mostEncodings = 2;

/** RFC 9659: an answer may not ask for a larger window than 8 MiB, which a decoder has to hold in memory. */
const zstdLimits = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };

type Bytes = AsyncIterable<Buffer>;
type Decode = (bytes: Bytes) => Bytes;

const decodeByEncoding: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', (bytes) => through(bytes, () => createGunzip())],
  ['x-gzip', (bytes) => through(bytes, () => createGunzip())],
  // It means two things on the web, with a zlib header and without; the first byte tells.
  [
    'deflate',
    (bytes) => through(bytes, ([first = 0]) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw())),
  ],
  ['br', (bytes) => through(bytes, () => createBrotliDecompress())],
  ['zstd', (bytes) => through(bytes, () => createZstdDecompress(zstdLimits))],
]);

/** What decodes a body, outermost first; `undefined` where nothing does. */
function decodersOf(contentEncoding: string): readonly Decode[] | undefined {
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const encodings = names.filter((name) => name !== '' && name !== 'identity').reverse();
  const decoders = encodings.flatMap((name) => decodeByEncoding.get(name) ?? []);
  return encodings.length > mostEncodings || decoders.length < encodings.length ? undefined : decoders;
}

/** Nothing at all decodes to nothing. An error of either stream is thrown to whoever reads. */
async function* through(bytes: Bytes, makeDecoder: (first: Buffer) => Transform): Bytes {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (!first.done) yield* pipeline(startingWith(first.value, iterator), makeDecoder(first.value), () => undefined);
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): Bytes {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** The character set that an answer names where it is one that the web knows, else UTF-8. */
function decoderOf(contentType: string): TextDecoder {
  const label = /;\s*charset\s*=\s*"?([\w:.-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}

/** Takes text piece by piece until it has what is needed. */
interface Keeper {
  /** Whether nothing more is needed. */
  readonly take: (piece: string) => boolean;
  readonly kept: () => string;
}

/** Keeps everything. */
function keeping(): Keeper {
  const pieces: string[] = [];
  return { take: (piece) => pieces.push(piece) < 0, kept: () => pieces.join('') };
}

/** Keeps only as much as the text may need that began in one piece and ends in the next. */
function searching(text: string): Keeper {
  let tail = '';
  return {
    take: (piece) => {
      const looked = tail + piece;
      tail = looked.slice(Math.max(0, looked.length - text.length + 1));
      return looked.includes(text);
    },
    kept: () => tail,
  };
}
