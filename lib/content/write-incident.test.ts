import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant } from '../schema/instant.ts';
import { IncidentState, ReportedStatus } from '../schema/status.ts';
import { contentFiles, override, soundTexts } from '../testing/builders.ts';
import { readIncidentFile } from './incident-file.ts';
import { parseContent } from './parse-content.ts';
import {
  appendUpdate,
  clearOverride,
  type NewIncident,
  newIncidentText,
  setOverride,
  setPublished,
} from './write-incident.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const update = {
  state: 'investigating',
  at: new Date('2026-11-20T09:12:00Z'),
  body: 'We are looking into it.',
} as const;
const fields: NewIncident = {
  title: 'Card payments: failing',
  impact: 'major',
  components: new Map([['payments', 'partial_outage']]),
  startedAt: new Date('2026-11-20T09:05:00Z'),
  published: false,
  update,
};

function read(text: string) {
  return readIncidentFile({ path, bytes: new TextEncoder().encode(text) });
}

test('a new incident is a file that a person could have written', () => {
  expect(newIncidentText({ ...fields, schemaUrl: '../schemas/incident-front-matter.json' })).toBe(`---
# yaml-language-server: $schema=../schemas/incident-front-matter.json
title: "Card payments: failing"
published: false
impact: major
components:
  payments: partial_outage
state: investigating
started_at: 2026-11-20T09:05:00Z
---

## investigating 2026-11-20T09:12:00Z

We are looking into it.
`);
});

test('a new incident may affect nothing', () => {
  expect(read(newIncidentText({ ...fields, components: new Map() })).problems).toEqual([]);
});

test('an update goes to the end and sets the state; all else stays', () => {
  const before = newIncidentText(fields).replace('state: investigating', "state:   investigating   # don't touch");
  const after = appendUpdate(before, {
    state: 'identified',
    at: new Date('2026-11-20T09:40:00Z'),
    body: '\nThe cause is known.\n\n',
    components: new Map([['payments', 'degraded_performance']]),
  });
  expect(after).toBe(
    `${before.replace('investigating   #', 'identified   #')}\n## identified 2026-11-20T09:40:00Z payments=degraded_performance\n\nThe cause is known.\n`,
  );
});

test('the resolved update may say when the trouble ended', () => {
  const resolvedAt = new Date('2026-11-20T10:30:00Z');
  const after = appendUpdate(newIncidentText(fields), {
    state: 'resolved',
    at: new Date('2026-11-20T10:40:00Z'),
    body: 'Done.',
    resolvedAt,
  });
  expect(read(after).incident?.resolvedAt).toEqual(resolvedAt);
});

test.each([
  ['a value', 'published: false   # not yet', 'published: true   # not yet'],
  ['no value', 'published:', 'published: true'],
])('publishing changes %s and nothing else', (_what, before, after) => {
  const text = newIncidentText(fields);
  expect(setPublished(text.replace('published: false', before))).toBe(text.replace('published: false', after));
});

test('publishing adds what is missing', () => {
  const text = newIncidentText(fields).replace('published: false\n', '');
  expect(read(setPublished(text)).incident?.published).toBe(true);
});

test('a text without front matter is a bug of the caller', () => {
  expect(() => setPublished('Hello')).toThrow('The text of an incident must begin with front matter.');
});

const titles = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((text) => /\S/u.test(text) && !/[\p{C}\u2028\u2029]/u.test(text));
const bodies = fc
  .array(fc.stringMatching(/^[A-Za-z0-9 .,()'*_-]{1,40}$/), { minLength: 1, maxLength: 4 })
  .map((lines) => lines.join('\n').trim())
  .filter((text) => /^[A-Za-z]/.test(text) && !/^ {0,3}[-=]+ *$/m.test(text));
const updates = fc.record({
  state: fc.constantFrom(...IncidentState.options),
  at: fc
    .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
    .map((at) => new Date(formatInstant(at))),
  body: bodies,
  components: fc
    .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom(...ReportedStatus.options), {
      maxKeys: 3,
      noNullPrototype: true,
    })
    .map((pairs) => new Map(Object.entries(pairs))),
});

test('what is written is what is read', () => {
  fc.assert(
    fc.property(titles, updates, updates, (title, first, second) => {
      const { incident, problems } = read(appendUpdate(newIncidentText({ ...fields, title, update: first }), second));
      expect(problems).toEqual([]);
      expect(incident).toMatchObject({ title: title.replace(/\s+/g, ' ').trim(), state: second.state });
      expect(incident?.updates.map(({ state, at, body, components }) => ({ state, at, body, components }))).toEqual([
        first,
        second,
      ]);
    }),
  );
});

const component = '# Money\nname: Payments   # public\ngroup: Selling\n';

test('an override is added at the end, replaced where it stands, and cleared without a trace', () => {
  const added = setOverride(component, override());
  expect(added).toBe(`${component}override:
  status: under_maintenance
  reason: Planned upgrade of the card terminals
  set_at: 2026-11-20T08:00:00Z
  expires_at: 2026-11-20T09:00:00Z
`);
  const withMore = `${added}\n# the first\norder: 10\n`;
  const replaced = setOverride(withMore, override({ reason: 'Provider: outage of cards' }));
  expect(replaced).toBe(withMore.replace('Planned upgrade of the card terminals', '"Provider: outage of cards"'));
  expect(clearOverride(added)).toBe(component);
  expect(clearOverride(replaced)).toBe(`${component}\n# the first\norder: 10\n`);
  expect(clearOverride(component)).toBe(component);
});

test('an override is read as it was written', () => {
  const one = override({ reason: 'A "quoted" reason # with signs' });
  const text = setOverride(soundTexts['components/payments.yml'], one);
  const { content, problems } = parseContent(contentFiles({ 'components/payments.yml': text }), {
    now: new Date('2026-11-20T12:00:00Z'),
  });
  expect(problems).toEqual([]);
  expect(content?.components[0]?.override).toEqual(one);
});
