import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordFacts } from '../adapters/audit-log.ts';
import { BrokenState, StaleState, type StateStore } from '../adapters/state/state-store.ts';
import type { AuditFact } from '../schema/audit.ts';
import type { StateName, StateValue } from '../schema/state.ts';

/** A place where a state can be kept, as a test has it: opened as often as there are processes, and damaged from outside. */
export interface StatePlace extends AsyncDisposable {
  readonly open: () => StateStore;
  /** What a file holds; `undefined` where there is none. */
  readonly bytes: (path: string) => Promise<Buffer | undefined>;
  /** Put something else into a file; `undefined` removes it. */
  readonly damage: (path: string, bytes: Uint8Array | string | undefined) => Promise<void>;
  /** What a person gives `candor state discard` beside the name. */
  readonly options: string;
}

const now = new Date('2026-11-20T10:00:00Z');

/** A state document `recorded` that says how many updates an incident has. */
export function recordedOf(updates: number): StateValue<'recorded'> {
  return { incidents: { '2026-11-20-card-payments': updates }, overrides: {}, told: 0, pending: [] };
}

/** A fact of the audit log that is like no other of another number. */
export function factOf(number: number | string): AuditFact {
  const subject = 'components/payments';
  return { id: `test:${number}`, action: 'component.changed', who: 'probes', subject, before: null, after: null };
}

/** What every place of the state must do, whatever it is made of. */
export function stateStoreContract(kind: string, makePlace: () => Promise<StatePlace>): void {
  describe(`${kind}: documents`, () => documents(makePlace));
  describe(`${kind}: documents that cannot be used`, () => brokenDocuments(makePlace));
  describe(`${kind}: the audit log`, () => auditLog(makePlace));
}

function documents(makePlace: () => Promise<StatePlace>): void {
  test('what was never written is not there', async () => {
    await using place = await makePlace();
    expect(await place.open().read('probes')).toBeUndefined();
    expect(await place.open().readLog()).toBe('');
  });

  test('a document is read as it was written, with the version of the write', async () => {
    await using place = await makePlace();
    const version = await place.open().write('recorded', recordedOf(1), undefined);
    expect(await place.open().read('recorded')).toEqual({ value: recordedOf(1), version });
  });

  test('each write counts the revision and is compact JSON', async () => {
    await using place = await makePlace();
    const first = await place.open().write('recorded', recordedOf(1), undefined);
    await place.open().write('recorded', recordedOf(2), first);
    const text = JSON.stringify({ format: 1, revision: 2, value: recordedOf(2) });
    expect((await place.bytes('recorded.json'))?.toString()).toBe(text);
  });

  test('of two writers that read the same version the second is told so, and writes nothing', async () => {
    await using place = await makePlace();
    const version = await place.open().write('recorded', recordedOf(1), undefined);
    await place.open().write('recorded', recordedOf(2), version);
    const late = place.open().write('recorded', recordedOf(3), version);
    await expect(late).rejects.toThrow(StaleState);
    await expect(late).rejects.toThrow(
      `recorded.json of the state in ${place.open().place} was changed by somebody else meanwhile.`,
    );
    expect((await place.open().read('recorded'))?.value).toEqual(recordedOf(2));
  });

  test('who thinks that there is no document does not replace one', async () => {
    await using place = await makePlace();
    await place.open().write('recorded', recordedOf(1), undefined);
    await expect(place.open().write('recorded', recordedOf(2), undefined)).rejects.toThrow(StaleState);
  });

  test('the same text written anew is not the version that was read', async () => {
    await using place = await makePlace();
    const store = place.open();
    const first = await store.write('recorded', recordedOf(1), undefined);
    const second = await store.write('recorded', recordedOf(2), first);
    await store.write('recorded', recordedOf(1), second);
    await expect(store.write('recorded', recordedOf(3), first)).rejects.toThrow(StaleState);
  });

  test('writers of different documents do not disturb each other', async () => {
    await using place = await makePlace();
    await Promise.all([
      place.open().write('recorded', recordedOf(1), undefined),
      place.open().write('uptime', { components: [] }, undefined),
      place.open().write('audit-head', { seq: 1, hash: 'a'.repeat(64) }, undefined),
    ]);
    expect((await place.open().read('recorded'))?.value).toEqual(recordedOf(1));
    expect((await place.open().read('uptime'))?.value).toEqual({ components: [] });
  });

  test('writers that read again when they are told so lose nothing', async () => {
    await using place = await makePlace();
    await Promise.all(Array.from({ length: 3 }, () => addUpdate(place.open())));
    expect((await place.open().read('recorded'))?.value).toEqual(recordedOf(3));
  });

  test('a value that could not be read again is not written', async () => {
    await using place = await makePlace();
    const write = place.open().write('recorded', recordedOf(Number.NaN), undefined);
    await expect(write).rejects.toThrow('What is to be written as recorded could not be read again.');
    expect(await place.bytes('recorded.json')).toBeUndefined();
  });

  test('a document that was set aside lies elsewhere, as it was, and is gone from its place', async () => {
    await using place = await makePlace();
    await place.damage('recorded.json', 'not JSON');
    const first = await place.open().setAside('recorded', now);
    expect(first).toBe('set-aside/recorded-20261120T100000000Z.json');
    expect((await place.bytes(first))?.toString()).toBe('not JSON');
    expect(await place.open().read('recorded')).toBeUndefined();
    await place.open().write('recorded', recordedOf(1), undefined);
    expect(await place.open().setAside('recorded', now)).toBe('set-aside/recorded-20261120T100000000Z-2.json');
  });

  test('a text that is kept aside takes the place of no other', async () => {
    await using place = await makePlace();
    expect(await place.open().keepAside('future', '1', now)).toBe('set-aside/future-20261120T100000000Z.json');
    expect(await place.open().keepAside('future', '2', now)).toBe('set-aside/future-20261120T100000000Z-2.json');
    expect((await place.bytes('set-aside/future-20261120T100000000Z.json'))?.toString()).toBe('1');
  });
}

/** Count one update more, as often as it takes. */
async function addUpdate(store: StateStore): Promise<void> {
  for (;;) {
    const stored = await store.read('recorded');
    const updates = stored?.value.incidents['2026-11-20-card-payments'] ?? 0;
    try {
      await store.write('recorded', recordedOf(updates + 1), stored?.version);
      return;
    } catch (error) {
      if (!(error instanceof StaleState)) throw error;
    }
  }
}

const whole = JSON.stringify({ format: 1, revision: 3, value: recordedOf(1) });
const deep = `{"format":1,"revision":1,"value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

const faults: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['empty', '', 'is empty'],
  ['all zero bytes', new Uint8Array(4096), 'holds nothing but zero bytes'],
  ['truncated', whole.slice(0, -20), 'is no whole JSON'],
  ['followed by zero bytes', `${whole}\0\0\0`, 'is no whole JSON'],
  ['not JSON', 'incidents: 1', 'is no whole JSON'],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'is not UTF-8 text'],
  ['100,000 levels deep', deep, 'is JSON of another shape at value: Invalid input: expected object, received array'],
  ['a list', '[]', 'is JSON of another shape: Invalid input: expected object, received array'],
  [
    'without a revision',
    '{"format":1,"value":{}}',
    'is JSON of another shape at revision: Invalid input: expected number, received undefined',
  ],
  [
    'of another document',
    '{"format":1,"revision":1,"value":{"components":[]}}',
    'is JSON of another shape at value.incidents: Invalid input: expected record, received undefined',
  ],
];

function brokenDocuments(makePlace: () => Promise<StatePlace>): void {
  test.each(faults)('%s: refused by name and reason, and left as it is', async (_name, content, reason) => {
    await using place = await makePlace();
    await place.damage('recorded.json', content);
    await expectBroken(place, `recorded.json of the state in ${place.open().place} ${reason}. It was left as it is.`, [
      `Look at the file; where nobody can mend it, \`candor state discard recorded${place.options}\` puts it aside and begins anew.`,
    ]);
    expect(await place.bytes('recorded.json')).toEqual(Buffer.from(content));
  });

  test('of a newer format: the newer Candor is needed, and nothing is to be discarded', async () => {
    await using place = await makePlace();
    await place.damage('recorded.json', '{"format":2,"revision":1,"values":[]}');
    await expectBroken(
      place,
      `recorded.json of the state in ${place.open().place} is of format 2, from a newer Candor; this one reads up to 1. It was left as it is.`,
      ['Update Candor here; nothing is lost meanwhile.'],
    );
  });

  test('gone, although the audit log says that it was created: refused until somebody discards it', async () => {
    await using place = await makePlace();
    const store = place.open();
    await store.write('recorded', recordedOf(1), undefined);
    await recordFacts(store, [factOf(1)], now);
    await place.damage('recorded.json', undefined);
    await expectBroken(
      place,
      `recorded.json of the state in ${store.place} is gone, although the audit log says that it was created.`,
      [`Bring the file back; where nobody can, \`candor state discard recorded${place.options}\` begins anew.`],
    );
    expect(await place.bytes('recorded.json')).toBeUndefined();
  });

  test('a document of which the log does not know is told there with the next facts, once', async () => {
    await using place = await makePlace();
    const store = place.open();
    await store.write('recorded', recordedOf(1), undefined);
    await recordFacts(store, [factOf(1)], now);
    await recordFacts(store, [factOf(2)], now);
    await recordFacts(store, [factOf(3)], now);
    expect(idsIn(await store.readLog())).toEqual([
      'state.created:recorded:1',
      'test:1',
      'state.created:audit-head:1',
      'test:2',
      'test:3',
    ]);
  });
}

/** Reading and writing are both refused in these words. */
async function expectBroken(place: StatePlace, message: string, fix: readonly string[]): Promise<void> {
  const name: StateName = 'recorded';
  for (const attempt of [
    () => place.open().read(name),
    () => place.open().write(name, recordedOf(9), undefined),
    () => place.open().write(name, recordedOf(9), '1-00000000000000000000000000000000'),
  ]) {
    const error: unknown = await attempt().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BrokenState);
    expect(error).toMatchObject({ message, fix: fix.join('\n') });
  }
}

function idsIn(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id);
}

const line = (number: number) => `{"entry":${number}}\n`;

function auditLog(makePlace: () => Promise<StatePlace>): void {
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
