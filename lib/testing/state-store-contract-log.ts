import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordFacts } from '../adapters/audit-log.ts';
import { BrokenState } from '../adapters/state/state-store.ts';
import type { StateName } from '../schema/state.ts';
import { factOf, recordedOf, type StatePlace } from './state-store-contract.ts';

const now = new Date('2026-11-20T10:00:00Z');

/** The ids of the entries of a log, in its order. */
export function idsIn(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id);
}

const line = (number: number) => `{"entry":${number}}\n`;

/** What the audit log of every place must do. */
export function auditLogContract(makePlace: () => Promise<StatePlace>): void {
  test('what is appended stands after what was there', async () => {
    await using place = await makePlace();
    await place.open().appendLog(() => line(1));
    const seen: string[] = [];
    await place.open().appendLog((present) => {
      seen.push(present);
      return line(2) + line(3);
    });
    expect(seen).toEqual([line(1)]);
    expect(await place.open().readLog()).toBe(line(1) + line(2) + line(3));
  });

  test('nothing to append writes nothing', async () => {
    await using place = await makePlace();
    await place.open().appendLog(() => '');
    expect(await place.bytes('audit.jsonl')).toBeUndefined();
  });

  test('who appends is told which documents are there', async () => {
    await using place = await makePlace();
    await place.open().write('uptime', { components: [] }, undefined);
    await place.open().write('recorded', recordedOf(1), undefined);
    let told: readonly StateName[] = [];
    await place.open().appendLog((_present, there) => {
      told = there;
      return '';
    });
    expect(told).toEqual(['uptime', 'recorded']);
  });

  test('several that append at the same time lose nothing', async () => {
    await using place = await makePlace();
    const append = (of: number) => place.open().appendLog((present) => line(of * 10 + present.split('\n').length));
    await Promise.all([1, 2, 3].map(append));
    const entries = (await place.open().readLog()).split('\n').filter((text) => text !== '');
    expect(entries.map((text) => Number(/\d(?=\}$)/.exec(text)?.[0]))).toEqual([1, 2, 3]);
  });

  test.each([
    ['without its end', '{"entry":3,"at":"2026'],
    ['whole but for its line feed', '{"entry":3}'],
    ['with a line feed', '{"entry":3,"at"\n'],
    ['in the middle of a letter', Buffer.from([0x7b, 0x22, 0xe2, 0x82])],
    ['of zero bytes', new Uint8Array(100)],
  ])('a torn last line is set aside before anything is added: %s', async (_name, torn) => {
    await using place = await makePlace();
    await place.damage('audit.jsonl', Buffer.concat([Buffer.from(line(1) + line(2)), Buffer.from(torn)]));
    await place.open().appendLog((present) => (present === line(1) + line(2) ? line(4) : ''));
    expect(await place.open().readLog()).toBe(line(1) + line(2) + line(4));
    expect(await place.bytes('audit.torn-1.jsonl')).toEqual(Buffer.from(torn));
  });

  test('a second torn line does not take the place of the first', async () => {
    await using place = await makePlace();
    for (const torn of ['{"a', '{"b']) {
      await place.damage('audit.jsonl', line(1) + torn);
      await place.open().appendLog(() => '');
    }
    expect((await place.bytes('audit.torn-1.jsonl'))?.toString()).toBe('{"a');
    expect((await place.bytes('audit.torn-2.jsonl'))?.toString()).toBe('{"b');
  });

  test('a torn middle is refused with its line, and the log left as it is', async () => {
    await using place = await makePlace();
    const torn = `${line(1)}{"entry":{"entry":3}\n${line(4)}`;
    await place.damage('audit.jsonl', torn);
    const error: unknown = await place
      .open()
      .appendLog(() => line(5))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BrokenState);
    expect(error).toMatchObject({
      message: `audit.jsonl of the state in ${place.open().place} is damaged: line 2 is no whole entry. It was left as it is.`,
      fix: '`candor audit verify` says what is wrong; docs/audit.md says how to repair it.',
    });
    expect((await place.bytes('audit.jsonl'))?.toString()).toBe(torn);
  });

  test('a torn end is not cut off where entries that the state knows would be gone', async () => {
    await using place = await makePlace();
    const store = place.open();
    await recordFacts(store, [factOf(1), factOf(2)], now);
    await place.damage('audit.jsonl', new Uint8Array(300));
    await expect(store.appendLog(() => line(1))).rejects.toThrow(
      'ends in the middle of an entry, and entries that the state knows are gone',
    );
    expect(await place.bytes('audit.jsonl')).toEqual(Buffer.alloc(300));
  });
}

/** Wherever a write was cut off, the next one goes on from the entries that were whole. */
export async function expectEveryCutRepaired(makePlace: () => Promise<StatePlace>): Promise<void> {
  const log = line(1) + line(2) + line(3);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: log.length }), async (cut) => {
      await using place = await makePlace();
      await place.damage('audit.jsonl', log.slice(0, cut));
      await place.open().appendLog(() => line(9));
      const kept = log.slice(0, log.slice(0, cut).lastIndexOf('\n') + 1);
      expect(await place.open().readLog()).toBe(kept + line(9));
    }),
    { numRuns: 30 },
  );
}
