/** So many records are encoded together. */
const blockSize = 256;

interface Block<T> {
  readonly records: readonly T[];
  readonly bytes: Buffer;
}

/**
 * The JSON of a list of records that never change, only come, go and are replaced: what was encoded for the last write is
 * taken again where its records are the same, so that a write costs little more than its bytes.
 */
export class EncodedRecords<T extends object> {
  readonly #stored: (record: T) => object;
  readonly #texts = new WeakMap<T, string>();
  #blocks: readonly Block<T>[] = [];

  /** `stored` makes what is written of a record. */
  constructor(stored: (record: T) => object) {
    this.#stored = stored;
  }

  /** The list as JSON, one record a line, in parts that follow each other. */
  encode(records: Iterable<T>): readonly Buffer[] {
    const all = Array.from(records);
    const blocks: Block<T>[] = [];
    for (let from = 0; from < all.length; from += blockSize) {
      const block = all.slice(from, from + blockSize);
      const before = this.#blocks[blocks.length];
      blocks.push(before !== undefined && isSame(before.records, block) ? before : this.#encoded(block));
    }
    this.#blocks = blocks;
    return [opening, ...blocks.flatMap(({ bytes }, at) => (at === 0 ? [bytes] : [comma, bytes])), closing];
  }

  #encoded(records: readonly T[]): Block<T> {
    return { records, bytes: Buffer.from(records.map((record) => this.#text(record)).join(',')) };
  }

  #text(record: T): string {
    const before = this.#texts.get(record);
    if (before !== undefined) return before;
    const text = `\n${JSON.stringify(this.#stored(record))}`;
    this.#texts.set(record, text);
    return text;
  }
}

const opening = Buffer.from('[');
const comma = Buffer.from(',');
const closing = Buffer.from(']');

function isSame<T>(before: readonly T[], now: readonly T[]): boolean {
  return before.length === now.length && before.every((record, at) => record === now[at]);
}
