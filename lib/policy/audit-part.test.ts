import { expect, test } from 'vitest';
import type { AuditFact } from '../schema/audit.ts';
import { entryLines } from './audit-chain.ts';
import { auditPart } from './audit-part.ts';

const facts = ['a', 'b', 'c', 'd', 'e'].map((id): AuditFact => {
  return { id, action: 'component.changed', who: 'probes', subject: 'components/payments', before: null, after: null };
});
const log = entryLines('', facts, new Date('2026-11-20T10:00:00Z')).lines;

function idsOf(before: number | undefined, limit: number, text = log): unknown {
  const part = auditPart(text, { before, limit });
  return part && { ids: part.entries.map(({ id }) => id).join(''), next: part.next };
}

test('parts follow each other from the newest entry to the oldest', () => {
  expect(idsOf(undefined, 2)).toEqual({ ids: 'ed', next: 4 });
  expect(idsOf(4, 2)).toEqual({ ids: 'cb', next: 2 });
  expect(idsOf(2, 2)).toEqual({ ids: 'a' });
});

test('a whole log is one part, and an empty one too', () => {
  expect(idsOf(undefined, 5)).toEqual({ ids: 'edcba' });
  expect(idsOf(undefined, 5, '')).toEqual({ ids: '' });
});

test('a place beyond the log begins at its end, and one before it holds nothing', () => {
  expect(idsOf(1000, 1)).toEqual({ ids: 'e', next: 5 });
  expect(idsOf(1, 10)).toEqual({ ids: '' });
});

test('a line that is no entry is not passed over', () => {
  expect(idsOf(undefined, 2, `${log}{"seq":6}\n`)).toBeUndefined();
  expect(idsOf(5, 2, `${log}{"seq":6}\n`)).toEqual({ ids: 'dc', next: 3 });
});
