import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IncidentId } from '../schema/identifier.ts';
import { incidentIdFor } from './incident-id.ts';

const day = new Date('2026-11-20T23:59:00Z');
const free = () => false;

test.each([
  ['words become lower case with single hyphens', 'Card payments are failing', '2026-11-20-card-payments-are-failing'],
  ['punctuation separates words', 'Point of Sale: slow (again)', '2026-11-20-point-of-sale-slow-again'],
  ['an apostrophe does not', "Merchants can't log in", '2026-11-20-merchants-cant-log-in'],
  ['accents are left out', 'Café déjà größer', '2026-11-20-cafe-deja-grosser'],
  ['a title without Latin letters still gets an id', '支払いエラー', '2026-11-20-incident'],
  [
    'a long title ends at a word',
    'Some merchants cannot take card payments in stores that use the older terminals',
    '2026-11-20-some-merchants-cannot-take-card-payments-in-stores-that-use',
  ],
  ['one endless word is cut', 'x'.repeat(200), `2026-11-20-${'x'.repeat(60)}`],
])('%s', (_rule, title, expected) => {
  expect(incidentIdFor(title, day, free)).toBe(expected);
});

test('an id that is taken gets the next free number', () => {
  const taken = new Set(['2026-11-20-card-payments', '2026-11-20-card-payments-2']);
  expect(incidentIdFor('Card payments', day, (id) => taken.has(id))).toBe('2026-11-20-card-payments-3');
});

test('every title gives an id that the schema accepts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
      expect(IncidentId.safeParse(incidentIdFor(title, day, free)).success).toBe(true);
    }),
  );
});
