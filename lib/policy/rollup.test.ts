import { expect, test } from 'vitest';
import { component, incident, override } from '../testing/builders.ts';
import { componentStatus, incidentEffect, overallStatus, worseOf } from './rollup.ts';

const now = new Date('2026-11-20T09:30:00Z');
const at = '2026-11-20T09:12:00Z';

test('the worse of two statuses', () => {
  expect(worseOf('operational', 'partial_outage')).toBe('partial_outage');
  expect(worseOf('major_outage', 'degraded_performance')).toBe('major_outage');
  expect(worseOf('operational', 'unknown')).toBe('unknown');
});

test('all is well where nothing is known to be wrong', () => {
  expect(overallStatus([])).toBe('operational');
  expect(overallStatus(['operational', 'under_maintenance', 'operational'])).toBe('under_maintenance');
});

test('an update changes what the front matter said, for what it names', () => {
  const one = incident({
    components: { payments: 'major_outage', refunds: 'partial_outage' },
    updates: [
      { at },
      { at: '2026-11-20T09:20:00Z', components: { payments: 'degraded_performance', tills: 'partial_outage' } },
    ],
  });
  expect(Object.fromEntries(incidentEffect(one))).toEqual({
    payments: 'degraded_performance',
    refunds: 'partial_outage',
    tills: 'partial_outage',
  });
});

test('all components of a resolved incident have recovered', () => {
  expect(incidentEffect(incident({ updates: [{ at, state: 'resolved' }] }))).toEqual(new Map());
});

test('a component without probes and without incidents is operational', () => {
  expect(componentStatus(component(), [], undefined, now)).toBe('operational');
});

test('the worse of incidents and probes is shown', () => {
  const open = incident({ components: { payments: 'partial_outage' } });
  expect(componentStatus(component(), [open], 'operational', now)).toBe('partial_outage');
  expect(componentStatus(component(), [open], 'major_outage', now)).toBe('major_outage');
  expect(componentStatus(component(), [], 'unknown', now)).toBe('unknown');
});

test('a draft says nothing', () => {
  expect(componentStatus(component(), [incident({ published: false })], undefined, now)).toBe('operational');
});

test('an active override is shown whatever else is known, an expired one is not', () => {
  const pinned = component({
    override: override({ setAt: '2026-11-20T09:00:00Z', expiresAt: '2026-11-20T10:00:00Z' }),
  });
  expect(componentStatus(pinned, [incident()], 'major_outage', now)).toBe('under_maintenance');
  expect(componentStatus(pinned, [incident()], undefined, new Date('2026-11-20T10:00:00Z'))).toBe('partial_outage');
});
