/** At most so many records are encoded together. */
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
  /** Blocks begin at the records at which they began before: what comes and goes in one leaves the others as they are. */
  #blocks: ReadonlyMap<T, Block<T>> = new Map();

  /** `stored` makes what is written of a record. */
  constructor(stored: (record: T) => object) {
    this.#stored = stored;
  }

  /** The list as JSON, one record a line, in parts that follow each other. */
  encode(records: Iterable<T>): readonly Buffer[] {
    const blocks = new Map(
      this.#parted(records).map(([first, block]) => {
        const before = this.#blocks.get(first);
        return [first, before !== undefined && isSame(before.records, block) ? before : this.#encoded(block)];
      }),
    );
    this.#blocks = blocks;
    const parts = Array.from(blocks.values(), ({ bytes }, at) => (at === 0 ? [bytes] : [comma, bytes]));
    return [opening, ...parts.flat(), closing];
  }

  /** The records in blocks, each after its first one. */
  #parted(records: Iterable<T>): (readonly [T, readonly T[]])[] {
    const blocks: (readonly [T, T[]])[] = [];
    for (const record of records) {
      const block = blocks.at(-1)?.[1];
      if (block === undefined || block.length >= blockSize || this.#blocks.has(record)) blocks.push([record, [record]]);
      else block.push(record);
    }
    return blocks;
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
