import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { entryLines, verifyLog } from '../policy/audit-chain.ts';
import { AuditEntry, type AuditFact } from '../schema/audit.ts';
import { temporaryFolder } from '../testing/content-root.ts';
import { recordFacts } from './audit-log.ts';
import { fileState } from './state/file-state.ts';
import { BrokenState, type StateStore } from './state/state-store.ts';

const now = new Date('2026-11-20T10:00:00Z');

function fact(id: string): AuditFact {
  return {
    id,
    action: 'component.changed',
    who: 'probes',
    subject: 'components/payments',
    before: { status: 'operational' },
    after: { status: 'major_outage' },
  };
}

/** The ids that the log tells, but for those of the state's own documents. */
function idsIn(log: string): string[] {
  const entries = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => AuditEntry.parse(JSON.parse(line)));
  return entries.filter(({ action }) => action !== 'state.created').map(({ id }) => id);
}

async function findings(store: StateStore): Promise<readonly unknown[]> {
  return verifyLog(await store.readLog(), (await store.read('audit-head'))?.value);
}

test('facts are told once, whoever tells them again', async () => {
  await using root = await temporaryFolder();
  const store = fileState(root.path);
  expect(await recordFacts(store, [fact('one'), fact('two')], now)).toBe(2);
  expect(await recordFacts(store, [fact('two'), fact('three')], now)).toBe(1);
  expect(await recordFacts(store, [fact('two')], now)).toBe(0);
  expect(idsIn(await store.readLog())).toEqual(['one', 'two', 'three']);
  expect(await findings(store)).toEqual([]);
});

test('nothing to tell leaves no trace', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, 'state'));
  expect(await recordFacts(store, [], now)).toBe(0);
  expect([await store.readLog(), await store.read('audit-head')]).toEqual(['', undefined]);
});

test('one who was killed between the log and its head is caught up with', async () => {
  await using root = await temporaryFolder();
  const store = fileState(root.path);
  await recordFacts(store, [fact('one')], now);
  await store.appendLog((present) => entryLines(present, [fact('two')], now).lines);
  expect((await store.read('audit-head'))?.value.seq).toBe(1);
  expect(await recordFacts(store, [fact('two')], now)).toBe(0);
  expect(await findings(store)).toEqual([]);
  expect((await store.read('audit-head'))?.value.seq).toBe(idsIn(await store.readLog()).length + 1);
});

test('processes that write at the same time lose nothing', async () => {
  await using root = await temporaryFolder();
  const modules = ['audit-log.ts', 'state/file-state.ts'].map((file) =>
    JSON.stringify(join(import.meta.dirname, file)),
  );
  const script = (own: string) => `
    import { recordFacts } from ${modules[0]};
    import { fileState } from ${modules[1]};
    const fact = ${JSON.stringify(fact(''))};
    const store = fileState(${JSON.stringify(root.path)});
    for (let i = 0; i < 10; i++) {
      await recordFacts(store, [{ ...fact, id: '${own} ' + i }, { ...fact, id: 'common ' + i }], new Date(0));
    }`;
  const run = (own: string) => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script(own)]);
  await Promise.all([run('a'), run('b'), run('c')]);
  const store = fileState(root.path);
  const numbers = Array.from({ length: 10 }, (_, i) => i);
  expect(idsIn(await store.readLog()).sort()).toEqual(
    ['a', 'b', 'c', 'common'].flatMap((own) => numbers.map((i) => `${own} ${i}`)).sort(),
  );
  expect(await findings(store)).toEqual([]);
});

describe('a damaged log is not written to', () => {
  async function damaged(damage: (log: string) => string | undefined): Promise<{ error: unknown; same: boolean }> {
    await using root = await temporaryFolder();
    const store = fileState(root.path);
    for (const id of ['one', 'two', 'three']) await recordFacts(store, [fact(id)], now);
    const path = join(root.path, 'audit.jsonl');
    const after = damage(await readFile(path, 'utf8'));
    if (after === undefined) await rm(path);
    else await writeFile(path, after);
    const error: unknown = await recordFacts(store, [fact('four')], now).catch((reason: unknown) => reason);
    return { error, same: after === undefined || (await readFile(path, 'utf8')) === after };
  }

  const without = (number: number) => (log: string) =>
    log
      .split(/(?<=\n)/)
      .toSpliced(number - 1, 1)
      .join('');

  test.each<[string, (log: string) => string | undefined, string]>([
    [
      'cut off at its end',
      (log) => log.slice(0, log.lastIndexOf('{"seq":')),
      'Entry 4 is missing: the log was cut off at its end.',
    ],
    [
      'changed in the words of an entry',
      (log) => log.replace('component.changed', 'component.cleared'),
      'Entry 1 was changed: what it says does not belong to its hash.',
    ],
    ['without an entry in its middle', without(2), 'Entry 2 is missing: entry 3 stands there.'],
    ['missing altogether', () => undefined, 'The log is missing; it had 4 entries.'],
    ['empty', () => '', 'The log is missing; it had 4 entries.'],
  ])('%s', async (_what, damage, message) => {
    const { error, same } = await damaged(damage);
    expect(error).toBeInstanceOf(BrokenState);
    expect(String(error)).toContain(message);
    expect(same).toBe(true);
  });

  test('torn in its middle', async () => {
    const { error, same } = await damaged((log) => log.replace(/(?<=\n).{100}/, ''));
    expect(error).toBeInstanceOf(BrokenState);
    expect(same).toBe(true);
  });
});
