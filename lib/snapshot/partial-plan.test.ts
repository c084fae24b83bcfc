import { expect, test } from 'vitest';
import type { IndexedIncident } from '../schema/publish.ts';
import { instant } from '../testing/builders.ts';
import { incidentFiles, monthFiles, type PartialFacts, type PartialPlan, partialPlan } from './partial-plan.ts';

const blob = 'a'.repeat(40);

/** A resolved incident that began on that day at nine and took an hour. */
function incident(day: string, fields: Partial<IndexedIncident> = {}): IndexedIncident {
  const over = { resolved_at: `${day}T10:00:00Z`, updated_at: `${day}T10:00:00Z` };
  return { id: `${day}-trouble`, blob, started_at: `${day}T09:00:00Z`, components: ['payments'], ...over, ...fields };
}

function open(day: string): IndexedIncident {
  const { resolved_at: _, ...rest } = incident(day);
  return rest;
}

/** Days at the same time in the months before November 2026, newest first. */
function months(count: number): IndexedIncident[] {
  return Array.from({ length: count }, (_, back) =>
    incident(new Date(Date.UTC(2026, 9 - back, 5)).toISOString().slice(0, 10)),
  );
}

/** The plan for a page of these incidents, all in the target, of which some changed to others. */
function planFor(before: readonly IndexedIncident[], changes: Partial<PartialFacts> = {}): PartialPlan {
  const paths = before.flatMap(({ id, started_at }) => [...incidentFiles(id), ...monthFiles(started_at.slice(0, 7))]);
  const files = new Map(paths.map((path) => [path, { hash: 'b'.repeat(64), generation: '1' }]));
  const facts = { before: { incidents: before, files }, kept: before, changed: [], components: ['payments'] };
  return partialPlan({ ...facts, now: instant('2026-11-20T10:00:00Z'), ...changes });
}

const made = ({ incidentPages, monthPages }: PartialPlan) => [[...incidentPages], [...monthPages]];

test('where nothing changed, nothing of the archive is made', () => {
  expect(made(planFor(months(30)))).toEqual([[], []]);
});

test('an open incident is made each time, and its month is not', () => {
  expect(made(planFor([open('2026-11-19'), ...months(3)]))).toEqual([['2026-11-19-trouble'], []]);
});

test('a change makes its incident and its month', () => {
  const [newest, ...others] = months(30);
  const changed = newest === undefined ? [] : [{ ...newest, blob: 'c'.repeat(40) }];
  expect(made(planFor(months(30), { kept: others, changed }))).toEqual([['2026-10-05-trouble'], ['2026-10']]);
});

test('a new month is a new neighbour of the newest one before', () => {
  const plan = planFor(months(30), { changed: [incident('2026-11-19')] });
  expect(made(plan)).toEqual([['2026-11-19-trouble'], ['2026-11', '2026-10']]);
  expect(plan.months.slice(0, 2)).toEqual(['2026-11', '2026-10']);
});

test('where the only incident of a month is gone, its neighbours lead to each other', () => {
  const all = months(30);
  const plan = planFor(all, { kept: all.filter(({ id }) => id !== '2026-07-05-trouble') });
  expect(made(plan)).toEqual([[], ['2026-08', '2026-06']]);
});

test('an incident that moves to another month changes both', () => {
  const all = [...months(3), incident('2026-09-07')];
  const moved = incident('2026-09-07', { started_at: '2026-08-31T23:00:00Z' });
  const plan = planFor(all, { kept: months(3), changed: [moved] });
  expect(made(plan)).toEqual([['2026-09-07-trouble'], ['2026-09', '2026-08']]);
});

test('a month that the target lacks is made', () => {
  const before = { incidents: months(3), files: new Map() };
  expect(made(planFor(months(3), { before }))).toEqual([[], ['2026-10', '2026-09', '2026-08']]);
});

test('read are the last 90 days, the newest 50, and the newest 20 of each component, however large the archive', () => {
  const old = incident('2019-03-01', { components: ['reports'] });
  const long = incident('2019-04-01', { resolved_at: '2026-11-01T00:00:00Z' });
  const plan = planFor([...months(80), old, long], { components: ['payments', 'reports'] });
  expect(plan.needed.size).toBe(52);
  expect([old.id, long.id].every((id) => plan.needed.has(id))).toBe(true);
});

test('of several that began in the same second all are read: the list does not know their order', () => {
  const twins = Array.from({ length: 70 }, (_, index) => incident('2020-01-01', { id: `2020-01-01-twin-${index}` }));
  expect(planFor(twins).needed.size).toBe(70);
});
