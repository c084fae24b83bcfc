import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentFiles, soundTexts } from '../testing/builders.ts';
import type { SourceFile } from './content.ts';
import { readIncidentFile } from './incident-file.ts';
import { openIncidents } from './open-incidents.ts';
import { mayBeOpen } from './resolved-mark.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];
const open = sound.replace(/## resolved[\s\S]*/, '').replace('state: resolved', 'state: monitoring');

/** What `openIncidents` promises, said in the long way. */
function byReadingAll(files: readonly SourceFile[]) {
  return files
    .filter((file) => file.path.startsWith('incidents/'))
    .flatMap((file) => readIncidentFile(file).incident ?? [])
    .filter(({ state }) => state !== 'resolved');
}

test('a file that says that it is over is not read, and all others are', () => {
  const files = contentFiles({ 'incidents/2026-11-19-tills.md': open, 'incidents/2026-11-18-stock.md': 'What?\n' });
  expect(files.filter(mayBeOpen).map((file) => file.path)).toEqual([
    'incidents/2026-11-19-tills.md',
    'incidents/2026-11-18-stock.md',
  ]);
  expect(openIncidents(files).map(({ id }) => id)).toEqual(['2026-11-19-tills']);
});

test('a line of a title that is written over several lines is no mark', () => {
  const head =
    '{title: "Cards\nstate: resolved\nfail", impact: minor, state: investigating, started_at: "2026-11-20T09:05:00Z"}';
  const text = `---\n${head}\n---\n\n## investigating 2026-11-20T09:12:00Z\n\nWe look into it.\n`;
  expect(openIncidents(contentFiles({ [path]: text })).map(({ title }) => title)).toEqual([
    'Cards state: resolved fail',
  ]);
});

test('the word in the text of an update is no mark', () => {
  const text = open.replace('some cards.', 'some cards.\n\nstate: resolved\n');
  expect(openIncidents(contentFiles({ [path]: text })).map(({ id }) => id)).toEqual(['2026-11-20-card-payments']);
});

const head = [
  'title: Card payments are failing',
  'published: true',
  'impact: major',
  'state: resolved',
  'state:   resolved  ',
  'state: "resolved"',
  'state: monitoring',
  'state: monitoring # state: resolved',
  'started_at: 2026-11-20T09:05:00Z',
  '# state: resolved',
  'title: "one',
  'two"',
  'title: |',
  '  text',
  'components:',
  '  payments: partial_outage',
  '  state: resolved',
  'components: {',
  'state: resolved}',
  '}',
  'title: >-',
  'title: {state: resolved',
  '---',
  '--- |',
  '...',
  '',
];
const line = fc.oneof(...head.map((text) => fc.constant(text)));
const body = '\n## investigating 2026-11-20T09:12:00Z\n\nWe look into it.\nstate: resolved\n---\n';
const flow = fc
  .array(
    fc.constantFrom(
      '\n',
      ' ',
      '"',
      '"',
      ', ',
      '{',
      '}',
      'state: resolved',
      'state: monitoring',
      'title: ',
      'a',
      '&x ',
      '# ',
    ),
  )
  .map((parts) => `${parts.join('')}`)
  .map((noise) => [`{title: "a${noise}", impact: minor, started_at: "2026-11-20T09:05:00Z"}`]);
const front = fc.oneof(
  flow,
  fc.array(line, { maxLength: 8 }),
  fc.subarray(head.slice(0, 9), { minLength: 4 }),
  fc
    .constantFrom(...head)
    .map((extra) => ['title: A', 'impact: minor', 'state: monitoring', 'started_at: 2026-11-20T09:05:00Z', extra]),
  fc
    .constantFrom(...head)
    .map((extra) => [extra, 'title: A', 'impact: minor', 'state: resolved', 'started_at: 2026-11-20T09:05:00Z']),
);

test('whatever the front matter looks like, that is what reading every file comes to', () => {
  fc.assert(
    fc.property(
      front,
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom('---', '\uFEFF---', '--- '),
      (lines, end, start) => {
        const text = [start, ...lines, '---', ...body.split('\n')].join(end);
        const files = contentFiles({ [path]: text });
        expect(openIncidents(files)).toEqual(byReadingAll(files));
      },
    ),
    { numRuns: 600 },
  );
});
