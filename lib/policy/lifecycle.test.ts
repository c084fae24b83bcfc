import { expect, test } from 'vitest';
import type { Incident } from '../schema/incident.ts';
import type { IncidentState } from '../schema/status.ts';
import { incident } from '../testing/builders.ts';
import { lifecycleProblems } from './lifecycle.ts';

const now = new Date('2026-11-20T12:00:00Z');

function rulesOf(one: Incident): string[] {
  return lifecycleProblems(one, now).map(({ rule }) => rule);
}

/** Updates in these states, ten minutes apart from 09:10 on. */
function course(...states: readonly IncidentState[]) {
  return states.map((state, i) => ({ state, at: new Date(Date.parse('2026-11-20T09:10:00Z') + i * 600_000) }));
}

test.each<[string, IncidentState[], string[]]>([
  ['begins with investigating', ['investigating'], []],
  ['goes forward one step at a time', ['investigating', 'identified', 'monitoring', 'resolved'], []],
  ['may stay in a state', ['investigating', 'investigating', 'identified', 'identified', 'monitoring'], []],
  ['does not begin later', ['identified'], ['first-state']],
  ['does not skip a state', ['investigating', 'monitoring'], ['state-skipped']],
  ['does not go back', ['investigating', 'identified', 'investigating'], ['state-backwards']],
  ['ends with resolved', ['investigating', 'identified', 'monitoring', 'resolved', 'resolved'], ['after-resolved']],
  ['is not opened again', ['investigating', 'identified', 'monitoring', 'resolved', 'monitoring'], ['after-resolved']],
])('an incident %s', (_rule, states, expected) => {
  expect(rulesOf(incident({ updates: course(...states) }))).toEqual(expected);
});

const source = 'https://old.example/incidents/1';

test.each<[string, IncidentState[], string[]]>([
  ['may skip states', ['investigating', 'resolved'], []],
  ['may begin later', ['monitoring', 'resolved'], []],
  ['is resolved', ['investigating'], ['imported-open']],
  ['is shown where it goes back', ['investigating', 'monitoring', 'investigating', 'resolved'], ['imported-backwards']],
  ['ends with resolved', ['resolved', 'resolved'], ['after-resolved']],
])('imported history %s', (_rule, states, expected) => {
  expect(rulesOf(incident({ importedFrom: source, updates: course(...states) }))).toEqual(expected);
});

test('the reason and the remedy name the states', () => {
  const [problem] = lifecycleProblems(incident({ updates: course('investigating', 'resolved') }), now);
  expect(problem).toEqual({
    file: 'incidents/2026-11-20-card-payments.md',
    line: 16,
    column: 1,
    rule: 'state-skipped',
    severity: 'error',
    message: 'The state goes from investigating to resolved and skips identified and monitoring.',
    fix: 'Write an update in the state identified before it.',
  });
});

test('each update is later than the one before it', () => {
  const at = (second: string) => incident({ updates: [{ at: '2026-11-20T09:10:00Z' }, { at: second }] });
  expect(rulesOf(at('2026-11-20T09:10:01Z'))).toEqual([]);
  expect(rulesOf(at('2026-11-20T09:10:00Z'))).toEqual(['update-order']);
  expect(rulesOf(at('2026-11-20T09:09:59Z'))).toEqual(['update-order']);
});

test('no update lies in the future', () => {
  expect(rulesOf(incident({ updates: [{ at: now }] }))).toEqual([]);
  expect(rulesOf(incident({ updates: [{ at: '2026-11-20T12:00:01Z' }] }))).toEqual(['update-in-future']);
});

test('the state in the front matter is that of the newest update', () => {
  expect(rulesOf(incident({ state: 'identified', updates: course('investigating', 'identified') }))).toEqual([]);
  expect(rulesOf(incident({ state: 'investigating', updates: course('investigating', 'identified') }))).toEqual([
    'state-mismatch',
  ]);
});

test('the trouble begins no later than the first update', () => {
  const begun = (startedAt: string) => incident({ startedAt, updates: course('investigating') });
  expect(rulesOf(begun('2026-11-20T09:10:00Z'))).toEqual([]);
  expect(rulesOf(begun('2026-11-20T09:10:01Z'))).toEqual(['started-late']);
});

const resolvedCourse = course('investigating', 'identified', 'monitoring', 'resolved');

test.each([
  ['at the resolved update', '2026-11-20T09:40:00Z', []],
  ['15 minutes before it', '2026-11-20T09:25:00Z', []],
  ['more than 15 minutes before it', '2026-11-20T09:24:59Z', ['final-update-late']],
  ['after it', '2026-11-20T09:40:01Z', ['resolved-at']],
  ['before the trouble began', '2026-11-20T09:04:00Z', ['resolved-at']],
])('an end of the trouble %s', (_when, resolvedAt, expected) => {
  expect(rulesOf(incident({ resolvedAt, updates: resolvedCourse }))).toEqual(expected);
});

test('imported history may have been closed late', () => {
  const late = { resolvedAt: '2026-11-20T09:10:00Z', updates: resolvedCourse };
  expect(rulesOf(incident({ ...late, importedFrom: source }))).toEqual([]);
});

test('an open incident has no end', () => {
  expect(rulesOf(incident({ resolvedAt: '2026-11-20T09:10:00Z' }))).toEqual(['resolved-at']);
});

test('nothing detects incidents by itself', () => {
  expect(rulesOf(incident({ autoDetected: true }))).toEqual(['auto-detected']);
});

test.each([
  ['the same day', '2026-11-20T09:05:00Z', []],
  ['the day before, which it was elsewhere', '2026-11-19T23:30:00Z', []],
  ['two days before', '2026-11-18T23:30:00Z', ['id-date']],
])('an id may name %s', (_day, startedAt, expected) => {
  expect(rulesOf(incident({ startedAt }))).toEqual(expected);
});
