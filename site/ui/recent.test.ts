import { expect, test } from 'vitest';
import { anIncident, anUpdate } from '../../lib/testing/page-builders.ts';
import { calm } from '../../lib/testing/shop-pages.ts';
import { recentHistory } from './recent.ts';

const resolvedAt = (date: string, hour = '10') =>
  anIncident({ id: `${date}-${hour}`, title: date, updates: [anUpdate('resolved', `${date}T${hour}:00:00Z`, 'Over')] });

test('days with incidents stand alone and quiet days in a row are one entry', () => {
  const [late, early] = [resolvedAt('2026-11-18'), resolvedAt('2026-11-15')];
  const snapshot = calm('operational', 'Fine', { recent_incidents: [late, early] });
  expect(recentHistory(snapshot, 7)).toEqual([
    { kind: 'quiet', first: '2026-11-19', last: '2026-11-20' },
    { kind: 'day', date: '2026-11-18', incidents: [late] },
    { kind: 'quiet', first: '2026-11-16', last: '2026-11-17' },
    { kind: 'day', date: '2026-11-15', incidents: [early] },
    { kind: 'quiet', first: '2026-11-14', last: '2026-11-14' },
  ]);
});

test('a day on which an incident is open is not quiet', () => {
  const open = anIncident({
    id: '2026-11-20-open',
    title: 'Open',
    updates: [anUpdate('investigating', '2026-11-20T09:00:00Z', 'Looking')],
  });
  const snapshot = calm('major_outage', 'Down', { open_incidents: [open], recent_incidents: [] });
  expect(recentHistory(snapshot, 1)).toEqual([{ kind: 'day', date: '2026-11-20', incidents: [open] }]);
});

test('days of which the snapshot tells no more are not called quiet', () => {
  const busy = Array.from({ length: 10 }, (_, index) => resolvedAt('2026-11-19', String(23 - index)));
  const snapshot = calm('operational', 'Fine', { recent_incidents: busy });
  expect(recentHistory(snapshot, 14)).toEqual([
    { kind: 'quiet', first: '2026-11-20', last: '2026-11-20' },
    { kind: 'day', date: '2026-11-19', incidents: busy },
  ]);
});
