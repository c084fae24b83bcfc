import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PublishedFiles } from '../schema/publish.ts';
import { listOf, listText } from './published-list.ts';

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const generation = fc.string({ minLength: 1 });
const paths = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('constructor', '__proto__', '404', 'a"b.html', 'a\\b'),
);
const at = fc.constantFrom('2026-11-20T09:05:00Z', '2026-11-20T09:05:00.123Z');
const lists: fc.Arbitrary<PublishedFiles> = fc.record({
  format: fc.constant(1 as const),
  site: fc.string(),
  files: fc.dictionary(paths, fc.record({ hash, generation }), { noNullPrototype: true }),
  retired: fc.dictionary(paths, fc.record({ generation, at }), { noNullPrototype: true }),
  incidents: fc.constantFrom(
    [],
    [
      {
        id: '2026-11-20-card-payments',
        blob: 'b'.repeat(40),
        started_at: '2026-11-20T09:05:00Z',
        updated_at: '2026-11-20T10:40:00Z',
        components: ['payments'],
      },
    ],
  ),
});

test('a list is stored and read back as it was', () => {
  fc.assert(
    fc.property(lists, (list) => {
      const text = listText(listOf(list));
      expect(text).toBe(`${JSON.stringify(list)}\n`);
      expect(listText(listOf(PublishedFiles.parse(JSON.parse(text))))).toBe(text);
    }),
  );
});
