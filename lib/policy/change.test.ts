import { expect, test } from 'vitest';
import type { Incident } from '../schema/incident.ts';
import { incident } from '../testing/builders.ts';
import { changeProblems } from './change.ts';

const first = { at: '2026-11-20T09:00:00Z', body: 'Payments fail at 10.0.0.1.' };
const second = { at: '2026-11-20T09:20:00Z', body: 'The cause is known.', state: 'identified' } as const;
const third = { at: '2026-11-20T09:40:00Z', body: 'It works again.', state: 'resolved' } as const;
const redactor = {
  markdown: (text: string) => text.replace('10.0.0.1', '\\[redacted]'),
  line: (text: string) => text.replace('10.0.0.1', '[redacted]'),
};

function rulesOf(before: Incident, after: Incident | undefined): string[] {
  const incidents = after === undefined ? [] : [after];
  const paths = new Set(incidents.map(({ file }) => file));
  return changeProblems([before], { incidents, paths }, redactor).map(({ rule }) => rule);
}

const open = incident({ updates: [first, second] });
const resolved = incident({ updates: [first, second, third] });

test('what stays the same is no problem', () => {
  expect(rulesOf(open, open)).toEqual([]);
  expect(rulesOf(resolved, resolved)).toEqual([]);
});

test('new updates go at the end', () => {
  expect(rulesOf(open, resolved)).toEqual([]);
  expect(rulesOf(incident({ updates: [first, third] }), resolved)).toEqual(['published-update-inserted']);
  expect(rulesOf(incident({ updates: [second] }), incident({ updates: [first, second] }))).toEqual([
    'published-update-inserted',
  ]);
});

test('a published update is never removed', () => {
  expect(rulesOf(open, incident({ updates: [second] }))).toEqual(['published-update-removed']);
});

test.each([
  ['text', { body: 'All is well.' }],
  ['state', { state: 'monitoring' }],
  ['components', { components: { payments: 'operational' } }],
] as const)('the %s of a published update never changes', (_what, change) => {
  expect(rulesOf(open, incident({ updates: [first, { ...second, ...change }] }))).toEqual(['published-update-changed']);
});

test('the instant of a published update never changes', () => {
  const moved = { ...second, at: '2026-11-20T09:21:00Z' };
  expect(rulesOf(open, incident({ updates: [first, moved] }))).toEqual(['published-update-removed']);
});

test.each([
  ['what the dictionary finds', 'Payments fail at \\[redacted].'],
  ['a part that a person chose', 'Payments [redacted] at 10.0.0.1.'],
  ['several parts', '[redacted] fail at \\[redacted\\].'],
])('a redaction may replace %s', (_what, body) => {
  expect(rulesOf(open, incident({ updates: [{ ...first, body }, second] }))).toEqual([]);
  expect(rulesOf(resolved, incident({ updates: [{ ...first, body }, second, third] }))).toEqual([]);
});

test.each([
  ['add words', 'Payments failed badly at \\[redacted].'],
  ['take words away', 'Payments fail at .'],
  ['change the order', '[redacted] at Payments.'],
])('a redaction may not %s', (_what, body) => {
  expect(rulesOf(open, incident({ updates: [{ ...first, body }, second] }))).toEqual(['published-update-changed']);
});

test('a redaction is not undone', () => {
  const redacted = incident({ updates: [{ ...first, body: 'Payments fail at [redacted].' }, second] });
  expect(rulesOf(redacted, open)).toEqual(['published-update-changed']);
});

test('a published incident is never unpublished', () => {
  expect(rulesOf(open, { ...open, published: false })).toEqual(['published-incident-withdrawn']);
});

test('the file of a published incident is never deleted or renamed', () => {
  expect(rulesOf(open, undefined)).toEqual(['published-incident-removed']);
  expect(rulesOf(open, incident({ id: '2026-11-20-other', updates: [first, second] }))).toEqual([
    'published-incident-removed',
  ]);
});

test('a file that cannot be read now was not removed', () => {
  expect(changeProblems([open], { incidents: [], paths: new Set([open.file]) }, redactor)).toEqual([]);
});

test('a draft may change in any way', () => {
  const draft = { ...open, published: false };
  expect(rulesOf(draft, undefined)).toEqual([]);
  expect(rulesOf(draft, incident({ updates: [third] }))).toEqual([]);
});

test('while an incident is open its front matter may be corrected', () => {
  expect(rulesOf(open, { ...open, title: 'Card payments fail', impact: 'critical' })).toEqual([]);
});

test.each<[string, Partial<Incident>]>([
  ['title', { title: 'Card payments fail' }],
  ['impact', { impact: 'minor' }],
  ['components', { components: new Map() }],
  ['start', { startedAt: new Date('2026-11-20T08:00:00Z') }],
  ['end', { resolvedAt: new Date('2026-11-20T09:30:00Z') }],
  ['source', { importedFrom: 'https://old.example/1' }],
])('the %s of a resolved incident never changes', (_what, change) => {
  expect(rulesOf(resolved, { ...resolved, ...change })).toEqual(['resolved-incident-changed']);
});

test('the title of a resolved incident may be redacted', () => {
  const named = { ...resolved, title: 'Trouble at 10.0.0.1' };
  expect(rulesOf(named, { ...named, title: 'Trouble at [redacted]' })).toEqual([]);
});

test('nothing is added to a resolved incident', () => {
  const more = incident({ updates: [first, second, third, { at: '2026-11-20T10:00:00Z', state: 'resolved' }] });
  expect(rulesOf(resolved, more)).toEqual(['resolved-incident-changed']);
});
