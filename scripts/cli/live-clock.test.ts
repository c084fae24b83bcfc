import { expect, test } from 'vitest';
import { component, content, instant, override } from '../../lib/testing/builders.ts';
import { midIncident } from '../../lib/testing/shop-pages.ts';
import { restMs } from './live-clock.ts';

const asOf = instant('2026-11-20T10:07:00Z');

function built(staleAfterSeconds: number | undefined, expiresAt: string) {
  const { stale_after_seconds: _, ...snapshot } = midIncident();
  const stale = staleAfterSeconds === undefined ? {} : { stale_after_seconds: staleAfterSeconds };
  const pinned = component({ override: override({ setAt: '2026-11-20T10:00:00Z', expiresAt }) });
  const archive = { total: 0, months: [], newestUpdateAt: undefined };
  return {
    model: { snapshot: { ...snapshot, ...stale }, history: [], archive },
    content: content({ components: [pinned] }),
  };
}

test.each([
  ['a page without probes is built each minute', undefined, '2026-11-20T11:00:00Z', 60_000],
  ['so is one whose probes are asked more seldom', 900, '2026-11-20T11:00:00Z', 60_000],
  ['one that is too old sooner is built once an interval, probed or not', 15, '2026-11-20T11:00:00Z', 5000],
  ['an override ends on the page when it ends', 900, '2026-11-20T10:07:20Z', 18_000],
  ['one that ended while the page was built does so at once', 900, '2026-11-20T10:07:01Z', 0],
])('%s', (_rule, staleAfterSeconds, expiresAt, expected) => {
  expect(restMs(built(staleAfterSeconds, expiresAt), asOf, instant('2026-11-20T10:07:02Z'))).toBe(expected);
});

test('where nothing could be built it is tried again each minute', () => {
  expect(restMs({ model: undefined, content: undefined }, asOf, asOf)).toBe(60_000);
});
