import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditFact } from '../schema/audit.ts';
import { entryLines, verifyLog } from './audit-chain.ts';
import { commonHead, joinLogs } from './audit-join.ts';

function logOf(start: string, ids: readonly number[], minute: number): string {
  const facts = ids.map((id): AuditFact => {
    const subject = 'components/payments';
    return { id: `fact:${id}`, action: 'component.changed', who: 'probes', subject, before: null, after: null };
  });
  return start + entryLines(start, facts, new Date(Date.UTC(2026, 10, 20, 10, minute))).lines;
}

function idsIn(log: string): string[] {
  return Array.from(log.matchAll(/"id":"fact:(\d+)"/g), ([, id = '']) => id);
}

test('of two logs of which one continues the other it is that one', () => {
  const start = logOf('', [1, 2], 0);
  const further = logOf(start, [3], 1);
  for (const [ours, theirs] of [
    [start, further],
    [further, start],
    [further, further],
    ['', further],
    [further, ''],
  ] as const) {
    expect(joinLogs(ours, theirs)).toEqual({ text: further, joined: 0, head: undefined });
  }
});

test('what ours alone tells is chained anew after theirs, with the instant at which it was recorded', () => {
  const start = logOf('', [1], 0);
  const { text, joined } = joinLogs(logOf(start, [2, 3], 5), logOf(start, [4, 3], 7));
  expect(joined).toBe(1);
  expect(text.startsWith(logOf(start, [4, 3], 7))).toBe(true);
  expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    seq: 4,
    at: '2026-11-20T10:05:00.000Z',
    id: 'fact:2',
  });
});

test('whatever both tell is told once, in a chain that holds, and joining again changes nothing', () => {
  const ids = fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 12 });
  fc.assert(
    fc.property(ids, ids, ids, (both, ofOurs, ofTheirs) => {
      const start = logOf('', both, 0);
      const [ours, theirs] = [logOf(start, ofOurs, 1), logOf(start, ofTheirs, 2)];
      const { text } = joinLogs(ours, theirs);
      expect(text.startsWith(theirs)).toBe(true);
      expect(idsIn(text).toSorted()).toEqual([...new Set([...both, ...ofOurs, ...ofTheirs])].map(String).toSorted());
      expect(verifyLog(text, undefined)).toEqual([]);
      expect(joinLogs(ours, text).text).toBe(text);
    }),
  );
});

test('the newest entry that two logs share is where they part', () => {
  const start = logOf('', [1, 2], 0);
  const end = entryLines(start, [], new Date(0)).head;
  expect(commonHead(logOf(start, [3], 5), logOf(start, [4], 7))).toEqual(end);
  expect(commonHead(start, logOf(start, [4], 7))).toEqual(end);
  expect(commonHead(start, start)).toEqual(end);
  expect(commonHead(logOf('', [1], 5), logOf('', [1], 7))).toBeUndefined();
  expect(commonHead('', start)).toBeUndefined();
});
