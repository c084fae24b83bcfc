import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { IndexedIncident, PublishedFile, PublishedFiles } from './publish.ts';

const hash = 'a'.repeat(64);
const blob = 'b'.repeat(40);
const incident = {
  id: '2026-11-20-card-payments',
  blob,
  started_at: '2026-11-20T09:05:00Z',
  updated_at: '2026-11-20T10:40:00Z',
  components: ['payments'],
};

function listWith(fields: Readonly<Record<string, unknown>>) {
  return { format: 1, site: '', files: {}, retired: {}, incidents: [], ...fields };
}

const odd = fc.constantFrom<unknown>(null, undefined, 0, '', 'x', [], {}, [1], hash, blob, `${hash}\n`, 'constructor');
const month = fc.integer({ min: 0, max: 13 }).map((number) => String(number).padStart(2, '0'));
const day = fc.integer({ min: 0, max: 32 }).map((number) => String(number).padStart(2, '0'));
const date = fc
  .tuple(fc.constantFrom('2024', '2025', '2100', '0000', '12026'), month, day)
  .map((parts) => parts.join('-'));
const time = fc.constantFrom(
  'T09:05:00Z',
  'T24:00:00Z',
  'T23:59:60Z',
  'T09:05Z',
  'T09:05:00.5Z',
  'T09:05:00+01:00',
  'Z',
);
const instant = fc.tuple(date, time).map(([on, at]) => on + at);
const name = fc.constantFrom(
  '-card-payments',
  '-a',
  '',
  '-',
  '-a--b',
  '-A',
  '-a\n',
  `-${'a'.repeat(109)}`,
  `-${'a'.repeat(110)}`,
);
const id = fc.tuple(date, name).map(([on, words]) => on + words);

test('files are checked quickly, and as their schema says', () => {
  const fields = fc.record(
    { hash: fc.oneof(fc.constant(hash), odd), generation: fc.oneof(fc.constant('1'), odd), more: odd },
    { requiredKeys: [] },
  );
  const check = fc.property(fc.oneof(fc.dictionary(fc.string(), fc.oneof(fields, odd)), odd), (files) => {
    const said = z.record(z.string(), PublishedFile).safeParse(files).success;
    expect(PublishedFiles.safeParse(listWith({ files })).success).toBe(said);
  });
  fc.assert(check, { numRuns: 1000 });
});

test('incidents are checked quickly, and as their schema says', () => {
  const fields = fc.record(
    {
      id: fc.oneof(fc.constant(incident.id), id, odd),
      blob: fc.oneof(fc.constant(blob), odd),
      started_at: fc.oneof(fc.constant(incident.started_at), instant, odd),
      updated_at: fc.oneof(fc.constant(incident.updated_at), odd),
      resolved_at: fc.oneof(instant, odd),
      components: fc.oneof(fc.constant(['payments']), odd),
      more: odd,
    },
    { requiredKeys: ['id', 'blob', 'started_at', 'updated_at', 'components'] },
  );
  const check = fc.property(fc.oneof(fc.array(fc.oneof(fields, odd), { maxLength: 2 }), odd), (incidents) => {
    const said = z.array(IndexedIncident).safeParse(incidents).success;
    expect(PublishedFiles.safeParse(listWith({ incidents })).success).toBe(said);
  });
  fc.assert(check, { numRuns: 5000 });
});

test('each day of a month is a day, and no other', () => {
  const check = fc.property(date, (on) => {
    const started = { ...incident, started_at: `${on}T00:00:00Z` };
    const said = IndexedIncident.safeParse(started).success;
    expect(PublishedFiles.safeParse(listWith({ incidents: [started] })).success).toBe(said);
  });
  fc.assert(check, { numRuns: 2000 });
});

test('what is wrong is told with its place', () => {
  const list = listWith({
    files: { 'index.html': { hash: 'x', generation: '1' } },
    incidents: [{ ...incident, blob: 'x' }],
  });
  const issues = PublishedFiles.safeParse(list).error?.issues.map(({ path }) => path.join(' '));
  expect(issues).toEqual(['files index.html hash', 'incidents 0 blob']);
});
