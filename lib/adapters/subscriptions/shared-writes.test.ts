import { expect, test } from 'vitest';
import { type Change, StoreState } from '../../subscriptions/store/store-state.ts';
import { SharedWrites } from './shared-writes.ts';

/** Writes that end when the test says so. */
function heldWrites() {
  const state = new StoreState();
  const saves: { readonly keys: string; readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  const begun: (() => void)[] = [];
  const writes = new SharedWrites(
    state,
    () =>
      new Promise<void>((end, fail) => {
        saves.push({ keys: keysOf(state), end, fail });
        begun.shift()?.();
      }),
  );
  const nextSave = () => new Promise<void>((resolve) => begun.push(resolve));
  return { state, writes, saves, nextSave };
}

function keysOf(state: StoreState): string {
  return Array.from(state.table('seen').keys()).join(' ');
}

function add(key: string): () => { value: string; changes: Change[] } {
  return () => ({ value: key, changes: [{ table: 'seen', key, value: new Date(0) }] });
}

test('changes that arrive while a write is under way share the next one', async () => {
  const { writes, saves, nextSave } = heldWrites();
  const first = nextSave();
  const told: string[] = [];
  const change = (key: string) => writes.change(add(key)).then((value) => told.push(value));
  const all = [change('a')];
  await first;
  all.push(...['b', 'c', 'd'].map(change));
  const second = nextSave();
  saves[0]?.end();
  await second;
  expect(told).toEqual(['a']);
  saves[1]?.end();
  await Promise.all(all);
  expect(told).toEqual(['a', 'b', 'c', 'd']);
  expect(saves.map(({ keys }) => keys)).toEqual(['a', 'a b c d']);
});

test('nobody sees a change before it lasts', async () => {
  const { state, writes, saves, nextSave } = heldWrites();
  const first = nextSave();
  const change = writes.change(add('a'));
  await first;
  const seen: string[] = [];
  const read = writes.read(() => seen.push(keysOf(state)));
  const second = nextSave();
  const next = writes.change(add('b'));
  expect(seen).toEqual([]);
  saves[0]?.end();
  await Promise.all([change, read, second]);
  expect(seen).toEqual(['a']);
  saves[1]?.end();
  await next;
});

test('where a write fails all of its changes are taken back and told, and the next write has none of them', async () => {
  const { state, writes, saves, nextSave } = heldWrites();
  const first = nextSave();
  const kept = writes.change(add('kept'));
  await first;
  saves[0]?.end();
  await kept;
  const second = nextSave();
  const lost = [
    writes.change(add('a')),
    writes.change(() => ({ value: '', changes: [{ table: 'seen', key: 'kept', value: undefined }] })),
    writes.change(add('a')),
  ];
  await second;
  saves[1]?.fail(new Error('The disk is full.'));
  for (const one of await Promise.allSettled(lost)) {
    expect(one).toMatchObject({ status: 'rejected', reason: { message: 'The disk is full.' } });
  }
  expect(keysOf(state)).toBe('kept');
  const third = nextSave();
  const again = writes.change(add('b'));
  await third;
  expect(saves[2]?.keys).toBe('kept b');
  saves[2]?.end();
  expect(await again).toBe('b');
});

test('a change that cannot be decided is told alone; the others of its write last', async () => {
  const { writes, saves, nextSave } = heldWrites();
  const first = nextSave();
  const wrong = writes.change(() => {
    throw new Error('a bug');
  });
  const right = writes.change(add('a'));
  const told = expect(wrong).rejects.toThrow('a bug');
  await first;
  saves[0]?.end();
  await told;
  expect(await right).toBe('a');
  expect(saves.map(({ keys }) => keys)).toEqual(['a']);
});

test('marks are not written', async () => {
  const { writes, saves } = heldWrites();
  await writes.mark(add('a'));
  expect(await writes.read(keysOf)).toBe('a');
  expect(saves).toEqual([]);
});

test('whether changes are taken is tried only after one was not', async () => {
  const { writes, saves, nextSave } = heldWrites();
  await writes.check();
  const first = nextSave();
  const lost = writes.change(add('a'));
  const told = expect(lost).rejects.toThrow('full');
  await first;
  saves[0]?.fail(new Error('full'));
  await told;
  const second = nextSave();
  const check = expect(writes.check()).rejects.toThrow('still full');
  await second;
  saves[1]?.fail(new Error('still full'));
  await check;
  const third = nextSave();
  const well = writes.check();
  await third;
  saves[2]?.end();
  await well;
  await writes.check();
  expect(saves).toHaveLength(3);
});
