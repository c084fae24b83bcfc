import { expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import type { Incident } from '../schema/incident.ts';
import { component, content, incident, instant } from '../testing/builders.ts';
import { noObservations } from './observations.ts';
import { type Page, pagesOf } from './pages.ts';
import { buildPublicModel } from './public-model.ts';

function pagesAt(now: string, incidents: readonly Incident[]): Page[] {
  const rendered = new Map([['We are looking into it.', { html: '<p>Looking.</p>', text: 'Looking.' }]]);
  const redaction = compileRedactionRules({ names: [], hosts: [], patterns: [] });
  const built = content({ components: [component()], incidents });
  return pagesOf(
    buildPublicModel({ content: built, rendered, observations: noObservations, redaction, now: instant(now) }),
  );
}

const open = incident();
const resolved = incident({
  id: '2026-10-31-slow-reports',
  startedAt: '2026-10-31T23:50:00Z',
  updates: [{ at: '2026-11-01T00:20:00Z', state: 'resolved' }],
});

test('there is a page for the front, each incident, the archive, each month, each component, and for what is not found', () => {
  expect(pagesAt('2026-11-20T10:00:00Z', [open, resolved]).map(({ path }) => path)).toEqual([
    '/',
    '/incidents/2026-11-20-card-payments/',
    '/incidents/2026-10-31-slow-reports/',
    '/history/',
    '/history/2026-11/',
    '/history/2026-10/',
    '/components/payments/',
    '/404.html',
  ]);
});

test('without incidents there is still a front, an empty archive and the components', () => {
  expect(pagesAt('2026-11-20T10:00:00Z', []).map(({ path }) => path)).toEqual([
    '/',
    '/history/',
    '/components/payments/',
    '/404.html',
  ]);
});

test('an incident belongs to the month (UTC) in which it began, and months lead to their neighbours', () => {
  const months = pagesAt('2026-11-20T10:00:00Z', [open, resolved]).flatMap(({ page }) =>
    page.kind === 'month' ? [[page.month, page.incidents.map(({ id }) => id), page.newer, page.older]] : [],
  );
  expect(months).toEqual([
    ['2026-11', ['2026-11-20-card-payments'], undefined, '2026-10'],
    ['2026-10', ['2026-10-31-slow-reports'], '2026-11', undefined],
  ]);
});

test('pages of the archive are as old as their newest update, pages of the present as old as the snapshot', () => {
  const ages = pagesAt('2026-11-20T10:00:00Z', [open, resolved]).map(({ path, page }) => [path, page.asOf]);
  expect(Object.fromEntries(ages)).toEqual({
    '/': '2026-11-20T10:00:00Z',
    '/incidents/2026-11-20-card-payments/': '2026-11-20T10:00:00Z',
    '/incidents/2026-10-31-slow-reports/': '2026-11-01T00:20:00Z',
    '/history/': '2026-11-20T09:12:00Z',
    '/history/2026-11/': '2026-11-20T09:12:00Z',
    '/history/2026-10/': '2026-11-01T00:20:00Z',
    '/components/payments/': '2026-11-20T10:00:00Z',
    '/404.html': '2026-11-20T09:12:00Z',
  });
});

test('a page of the archive is the same on another day', () => {
  const archive = (now: string) => pagesAt(now, [resolved]).filter(({ path }) => /incidents|history|404/.test(path));
  expect(archive('2027-01-01T00:00:00Z')).toEqual(archive('2026-11-20T10:00:00Z'));
});

test('a component has its open incidents apart from its newest twenty past ones', () => {
  const past = Array.from({ length: 25 }, (_, index) => ({ ...resolved, id: `2026-10-31-trouble-${index}` }));
  const [page] = pagesAt('2026-11-20T10:00:00Z', [open, ...past]).flatMap(({ page }) =>
    page.kind === 'component' ? [page] : [],
  );
  expect(page?.openIncidents.map(({ id }) => id)).toEqual(['2026-11-20-card-payments']);
  expect(page?.pastIncidents.map(({ id }) => id)).toEqual(past.slice(0, 20).map(({ id }) => id));
});
