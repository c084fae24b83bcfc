import { expect, test } from 'vitest';
import type { AuditFact } from '../schema/audit.ts';
import { entryLines } from './audit-chain.ts';
import { createdFacts, discardedFact, documentHistory } from './state-history.ts';

const at = new Date('2026-11-20T10:00:00Z');

function logOf(...steps: ((log: string) => readonly AuditFact[])[]): string {
  return steps.reduce((log, step) => log + entryLines(log, step(log), at).lines, '');
}

const created = (log: string) => createdFacts(log, ['probes']);
const discarded = (log: string) => [discardedFact(log, 'probes', 'Operator', 'set-aside/probes.json')];

test('a document that is there is told once', () => {
  const log = logOf(created);
  expect(createdFacts(log, ['probes'])).toEqual([]);
  expect(createdFacts(log, ['probes', 'uptime'])).toEqual([
    {
      id: 'state.created:uptime:1',
      action: 'state.created',
      who: 'candor',
      subject: 'state/uptime',
      before: null,
      after: null,
    },
  ]);
});

test('a document that was discarded may be missing, and is told anew when it is there again', () => {
  expect(documentHistory(logOf(created)).get('probes')?.present).toBe(true);
  const log = logOf(created, discarded);
  expect(documentHistory(log).get('probes')?.present).toBe(false);
  expect(created(log).map(({ id }) => id)).toEqual(['state.created:probes:2']);
});

test('each time that a document is discarded is a fact of its own', () => {
  const log = logOf(discarded, discarded);
  expect(log.match(/state\.discarded:probes:\d/g)).toEqual(['state.discarded:probes:1', 'state.discarded:probes:2']);
});

test('who discarded it, and where it is now', () => {
  expect(discardedFact('', 'probes', 'Operator', undefined)).toEqual({
    id: 'state.discarded:probes:1',
    action: 'state.discarded',
    who: 'Operator',
    subject: 'state/probes',
    before: null,
    after: null,
  });
});

test('other entries, other documents and torn lines say nothing of a document', () => {
  expect(documentHistory('').size).toBe(0);
  expect(documentHistory(logOf(created).slice(0, -20)).size).toBe(0);
  expect(documentHistory('"subject":"state/probes" state.created\n').size).toBe(0);
});
