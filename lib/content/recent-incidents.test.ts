import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOf } from '../policy/timeline.ts';
import { soundTexts } from '../testing/builders.ts';
import { readIncidentFile } from './incident-file.ts';
import { mayReach } from './recent-incidents.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const text = soundTexts[path];
const since = new Date('2026-11-01T00:00:00Z');
const fileOf = (written: string) => ({ path, bytes: new TextEncoder().encode(written) });

/** The same incident, moved by so many days. */
function moved(days: number): string {
  return text.replace(/2026-11-(\d\d)/g, (date) =>
    new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10),
  );
}

test.each([
  ['one that ended later', moved(0), true],
  ['one that ended long before', moved(-60), false],
  ['one that ended a day before, for zones differ', moved(-20), true],
  ['an old one that is open', moved(-60).replace('state: resolved', 'state: monitoring'), true],
  ['an old one whose dates may be written in another way', moved(-60).replace('title: ', 'title: "\\u0041" # '), true],
])('%s is read or left: %s', (_, written, reaches) => {
  expect(mayReach(fileOf(written), since)).toBe(reaches);
});

test('other files reach nothing', () => {
  expect(mayReach({ ...fileOf(text), path: 'components/payments.yml' }, since)).toBe(false);
});

test('whatever ended later is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: -80, max: 40 }), (days) => {
      const file = fileOf(moved(days));
      const { incident } = readIncidentFile(file);
      const end = incident === undefined ? undefined : endOf(incident);
      expect(end === undefined || end < since || mayReach(file, since)).toBe(true);
    }),
  );
});
