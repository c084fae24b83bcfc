import { expect, test } from 'vitest';
import { component, incident, instant, override } from '../testing/builders.ts';
import { nextEdge } from './next-edge.ts';

const pinned = component({
  override: override({ setAt: '2026-11-20T10:00:00Z', expiresAt: '2026-11-20T11:00:00Z' }),
});
/** Its next update is due at 10:42. */
const open = incident({ updates: [{ at: '2026-11-20T10:12:00Z' }] });

test.each([
  ['before it begins', '2026-11-20T09:59:59Z', '2026-11-20T10:00:00Z'],
  ['once it has begun', '2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z'],
  ['once it has ended', '2026-11-20T11:00:00Z', undefined],
])('an override changes the page when it begins and when it ends: %s', (_when, now, expected) => {
  const edge = nextEdge({ components: [pinned], incidents: [] }, instant(now));
  expect(edge).toEqual(expected === undefined ? undefined : instant(expected));
});

test('an update that does not come changes the page a second after it was due', () => {
  const content = { components: [pinned], incidents: [open] };
  expect(nextEdge(content, instant('2026-11-20T10:12:00Z'))).toEqual(instant('2026-11-20T10:42:01Z'));
  expect(nextEdge(content, instant('2026-11-20T10:42:01Z'))).toEqual(instant('2026-11-20T11:00:00Z'));
});

test('what is resolved or a draft owes nothing', () => {
  const resolved = incident({ updates: [{ at: '2026-11-20T10:12:00Z', state: 'resolved' }] });
  const draft = incident({ published: false });
  expect(nextEdge({ components: [], incidents: [resolved, draft] }, instant('2026-11-20T10:12:00Z'))).toBeUndefined();
});
