import { createHash } from 'node:crypto';
import type { ObjectFacts, PublicObject, PublishTarget, PutOutcome } from '../adapters/publish/publish-target.ts';
import type { Edition } from '../schema/publish.ts';

interface Held {
  readonly bytes: Uint8Array;
  readonly facts: ObjectFacts;
}

/** What a call to a target is about. */
export interface TargetCall {
  readonly name: keyof Omit<PublishTarget, 'place'>;
  readonly path: string;
}

/** A target in memory with generations as a bucket has them. */
export interface MemoryTarget extends PublishTarget {
  readonly objects: ReadonlyMap<string, Held>;
  /** Put a file there as somebody else would: without a word of who wrote it. */
  drop(path: string, text: string): void;
  /** Take a file away as somebody else would. */
  lose(path: string): void;
}

/** A target that lives as long as a test. */
export function memoryTarget(): MemoryTarget {
  const objects = new Map<string, Held>();
  let last = 0;
  const write = (path: string, bytes: Uint8Array, written: { hash: string; edition: Edition } | undefined) => {
    last += 1;
    const generation = String(last);
    objects.set(path, { bytes, facts: { generation, hash: written?.hash, edition: written?.edition } });
    return generation;
  };
  return {
    place: 'memory',
    objects,
    drop: (path, text) => write(path, new TextEncoder().encode(text), undefined),
    lose: (path) => objects.delete(path),
    list: async () => new Map(Array.from(objects, ([path, { facts }]) => [path, facts])),
    read: async (path) => objects.get(path),
    stat: async (path) => objects.get(path)?.facts,
    put: async ({ path, bytes, edition }: PublicObject, generation): Promise<PutOutcome> => {
      const present = objects.get(path)?.facts;
      if (present?.generation !== generation) return { kind: 'conflict', present };
      const hash = createHash('sha256').update(bytes).digest('hex');
      return { kind: 'written', generation: write(path, bytes, { hash, edition }) };
    },
    remove: async (path, generation) => {
      const present = objects.get(path)?.facts;
      if (present !== undefined && present.generation !== generation) return 'conflict';
      objects.delete(path);
      return 'removed';
    },
  };
}

/** The same target, each of whose calls goes through `around`, which has the call done or not. */
export function watchedTarget(
  target: PublishTarget,
  around: <T>(call: TargetCall, work: () => Promise<T>) => Promise<T>,
): PublishTarget {
  return {
    place: target.place,
    list: () => around({ name: 'list', path: '' }, () => target.list()),
    read: (path) => around({ name: 'read', path }, () => target.read(path)),
    stat: (path) => around({ name: 'stat', path }, () => target.stat(path)),
    put: (object, generation) => around({ name: 'put', path: object.path }, () => target.put(object, generation)),
    remove: (path, generation) => around({ name: 'remove', path }, () => target.remove(path, generation)),
  };
}
