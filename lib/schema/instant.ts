import { z } from 'zod';

/** An instant as people and programs write it: RFC 3339 with seconds and a zone (`Z` or an offset). */
export const InstantText = z.iso.datetime({ offset: true }).meta({
  description: 'An instant: RFC 3339 with a zone, e.g. 2026-11-20T09:05:00Z',
  examples: ['2026-11-20T09:05:00Z'],
});

/** An instant as the public JSON carries it: RFC 3339 in UTC, to the second. */
export const PublicInstant = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });

/** An instant as text for the outside: RFC 3339 in UTC without fractions of a second. */
export function formatInstant(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
