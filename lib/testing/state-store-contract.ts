import { describe, expect, test } from 'vitest';
import { recordFacts } from '../adapters/audit-log.ts';
import { BrokenState, StaleState, type StateStore } from '../adapters/state/state-store.ts';
import type { AuditFact } from '../schema/audit.ts';
import type { StateName, StateValue } from '../schema/state.ts';
import { auditLogContract, idsIn } from './state-store-contract-log.ts';

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
  describe(`${kind}: the audit log`, () => auditLogContract(makePlace));
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
