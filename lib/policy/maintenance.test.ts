import { expect, test } from 'vitest';
import { component, incident, instant, override } from '../testing/builders.ts';
import { maintained } from './maintenance.ts';

const now = instant('2026-11-20T08:30:00Z');

test('a component whose active override says so is under maintenance', () => {
  const components = [
    component({ id: 'payments', override: override() }),
    component({ id: 'orders', override: override({ status: 'operational' }) }),
    component({ id: 'tills', override: override({ expiresAt: '2026-11-20T08:30:00Z' }) }),
    component({ id: 'refunds', override: override({ setAt: '2026-11-20T08:31:00Z' }) }),
    component({ id: 'stock' }),
  ];
  expect(maintained(components, [], now)).toEqual(new Set(['payments']));
});

test.each([
  ['a published incident says so', {}, ['payments']],
  ['a draft says so', { published: false }, []],
  ['an incident says something else', { components: { payments: 'partial_outage' } as const }, []],
  [
    'an update says so',
    { components: {}, updates: [{ components: { payments: 'under_maintenance' } as const }] },
    ['payments'],
  ],
  ['an update takes it back', { updates: [{ components: { payments: 'operational' } as const }] }, []],
  ['the incident is resolved', { updates: [{}, { state: 'resolved' } as const] }, []],
])('%s', (_what, fields, expected) => {
  const one = incident({ components: { payments: 'under_maintenance' }, ...fields });
  expect(maintained([component()], [one], now)).toEqual(new Set(expected));
});
