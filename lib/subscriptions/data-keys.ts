import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** What can be sealed; what was sealed as one opens as nothing else. */
export type SealPurpose = 'email' | 'unsubscribe';

/** Keys that encrypt what is personal at rest, and make hashes by which it is found. */
export interface DataKeys {
  /** Tells the key in use from others, and nothing else about it. */
  readonly id: string;
  /** Those of all keys, the one in use first. */
  readonly ids: readonly string[];
  /** Encrypt a text under the key in use, for this purpose and this row alone. */
  seal(purpose: SealPurpose, row: string, text: string): string;
  /** The text that was sealed for this purpose and row, under any of the keys; `SealFault` for everything else. */
  open(purpose: SealPurpose, row: string, sealed: string): string;
  /** A hash that only who has the key in use can make: the same for the same text. */
  fingerprint(text: string): string;
}

/** Something sealed that cannot be opened; the message says why and quotes nothing. */
export class SealFault extends Error {}

/** What a text is as keys; `reason` is the rest of a sentence that begins with the setting's name, and quotes nothing. */
export type DataKeysReading =
  | { readonly kind: 'keys'; readonly keys: DataKeys }
  | { readonly kind: 'refused'; readonly reason: string };

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

/** A new key, as text. */
export function newDataKey(): string {
  return randomBytes(keyBytes).toString('base64url');
}

/**
 * Read keys: 32 bytes each, as base64 or hexadecimal, separated by commas. The first is in use; the others only open what
 * was sealed before it came.
 */
export function readDataKeys(text: string): DataKeysReading {
  const keys: Buffer[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    const key = bytesOf(part);
    if (key === undefined) {
      return {
        kind: 'refused',
        reason: `must be ${keyBytes} random bytes in base64: openssl rand -base64 ${keyBytes}`,
      };
    }
    if (new Set(key).size < 4) return { kind: 'refused', reason: 'is not random: openssl rand -base64 32 makes a key' };
    keys.push(key);
  }
  const [inUse, ...earlier] = keys.map(parted);
  if (inUse === undefined) throw new Error('A text that is split has a part.');
  return { kind: 'keys', keys: keysOf(inUse, earlier) };
}

function bytesOf(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** One key for each use, made from the one that people keep. */
interface PartedKey {
  readonly id: string;
  readonly sealing: KeyObject;
  readonly finding: KeyObject;
}

function parted(key: Buffer): PartedKey {
  const part = (use: string, length: number) => Buffer.from(hkdfSync('sha256', key, '', `candor ${use}`, length));
  // Bytes would be made a key again with every use, which costs more than what they are used for.
  const partKey = (use: string) => createSecretKey(part(use, keyBytes));
  return { id: part('key id', 6).toString('hex'), sealing: partKey('seal'), finding: partKey('find') };
}

function keysOf(inUse: PartedKey, earlier: readonly PartedKey[]): DataKeys {
  const byId = new Map([...earlier, inUse].map((key) => [key.id, key]));
  return {
    id: inUse.id,
    ids: Array.from(new Set([inUse, ...earlier].map(({ id }) => id))),
    seal: (purpose, row, text) => {
      const iv = newVector();
      const work = createCipheriv(cipher, inUse.sealing, iv, { authTagLength: tagBytes }).setAAD(bound(purpose, row));
      const body = Buffer.concat([iv, work.update(text, 'utf8'), work.final(), work.getAuthTag()]);
      return `${inUse.id}.${body.toString('base64url')}`;
    },
    open: (purpose, row, sealed) => {
      const [id = '', body = ''] = sealed.split('.');
      const key = byId.get(id);
      if (key === undefined)
        throw new SealFault('It was sealed under a key that is not among those in CANDOR_DATA_KEY.');
      return opened(key, bound(purpose, row), Buffer.from(body, 'base64url'));
    },
    fingerprint: (text) => createHmac('sha256', inUse.finding).update(text).digest('base64url'),
  };
}

const vectorsAtOnce = 256;
let vectors = Buffer.alloc(0);
let nextVector = 0;

/** A vector that is used once. They are no secret, and asking for random bytes costs more than sealing an address. */
function newVector(): Buffer {
  if (nextVector === vectors.length) {
    vectors = randomBytes(vectorsAtOnce * ivBytes);
    nextVector = 0;
  }
  nextVector += ivBytes;
  return vectors.subarray(nextVector - ivBytes, nextVector);
}

function bound(purpose: SealPurpose, row: string): Buffer {
  return Buffer.from(`${purpose}\0${row}`);
}

function opened(key: PartedKey, additional: Buffer, body: Buffer): string {
  if (body.length < ivBytes + tagBytes) throw new SealFault('It was cut off.');
  const work = createDecipheriv(cipher, key.sealing, body.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(additional)
    .setAuthTag(body.subarray(-tagBytes));
  try {
    return Buffer.concat([work.update(body.subarray(ivBytes, -tagBytes)), work.final()]).toString('utf8');
  } catch (cause) {
    throw new SealFault('It was changed, or belongs to another row.', { cause });
  }
}
