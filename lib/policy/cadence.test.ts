import { expect, test } from 'vitest';
import type { IncidentState } from '../schema/status.ts';
import { incident } from '../testing/builders.ts';
import { cadenceProblems, isOverdue, nextUpdateDue } from './cadence.ts';
import { maxSilenceMinutes } from './constants.ts';

const at = '2026-11-20T09:00:00Z';

test.each<[IncidentState, string | undefined]>([
  ['investigating', '2026-11-20T09:30:00.000Z'],
  ['identified', '2026-11-20T10:00:00.000Z'],
  ['monitoring', '2026-11-20T10:00:00.000Z'],
  ['resolved', undefined],
])('the next update after %s is due at %s', (state, due) => {
  expect(nextUpdateDue(incident({ updates: [{ at, state }] }))?.toISOString()).toBe(due);
});

test('only the newest update counts: silences of the past are no problem', () => {
  const updates = [{ at: '2026-11-20T01:00:00Z' }, { at }];
  expect(cadenceProblems(incident({ updates }), new Date('2026-11-20T09:10:00Z'))).toEqual([]);
});

test('an update is overdue once its time has passed', () => {
  const open = incident({ updates: [{ at }] });
  expect(isOverdue(open, new Date('2026-11-20T09:30:00Z'))).toBe(false);
  expect(isOverdue(open, new Date('2026-11-20T09:30:01Z'))).toBe(true);
  expect(cadenceProblems(open, new Date('2026-11-20T09:31:00Z'))).toEqual([
    {
      file: 'incidents/2026-11-20-card-payments.md',
      line: 12,
      column: 1,
      rule: 'update-overdue',
      severity: 'warning',
      message: `The next update was due at 2026-11-20T09:30:00Z: investigating promises one every ${maxSilenceMinutes.investigating} minutes.`,
      fix: 'Run `candor incident update 2026-11-20-card-payments`, even if only to say that work goes on.',
    },
  ]);
});

test('a draft owes nobody an update', () => {
  expect(nextUpdateDue(incident({ published: false, updates: [{ at }] }))).toBeUndefined();
});

test('imported history owes nobody an update', () => {
  expect(nextUpdateDue(incident({ importedFrom: 'https://old.example/1', updates: [{ at }] }))).toBeUndefined();
});
