import { expect, test } from 'vitest';
import { Snapshot } from '../schema/snapshot.ts';
import { midIncident } from '../testing/shop-pages.ts';
import { placeholderOf } from './placeholder.ts';

test('what stands for the first snapshot says that nothing is known yet, and is older', () => {
  const snapshot = midIncident();
  const placeholder = placeholderOf(snapshot);
  expect(Snapshot.parse(placeholder)).toEqual({
    version: 1,
    generated_at: '2026-11-20T10:06:59Z',
    stale_after_seconds: snapshot.stale_after_seconds,
    page: snapshot.page,
    overall: { status: 'unknown', summary: 'This page is being published for the first time' },
    components: [],
    open_incidents: [],
    recent_incidents: [],
  });
  expect(placeholder.generated_at < snapshot.generated_at).toBe(true);
});
