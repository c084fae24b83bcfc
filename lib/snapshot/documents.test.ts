import { expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import {
  ComponentsDocument,
  CurrentDocument,
  IncidentDocument,
  IncidentsDocument,
  MonthDocument,
  UptimeDocument,
} from '../schema/api.ts';
import type { Incident } from '../schema/incident.ts';
import { Snapshot } from '../schema/snapshot.ts';
import { content, incident, instant } from '../testing/builders.ts';
import { type DocumentValue, documentsOf, documentText } from './documents.ts';
import { noObservations } from './observations.ts';
import { buildPublicModel } from './public-model.ts';

function documentsAt(now: string, incidents: readonly Incident[]): ReadonlyMap<string, DocumentValue> {
  const rendered = new Map([['We are looking into it.', { html: '<p>Looking.</p>', text: 'Looking.' }]]);
  const redaction = compileRedactionRules({ names: [], hosts: [], patterns: [] });
  const model = buildPublicModel({
    content: content({ incidents }),
    rendered,
    observations: noObservations,
    redaction,
    now: instant(now),
  });
  return new Map(documentsOf(model).map(({ path, value }) => [path, value]));
}

const open = incident();
const resolved = incident({
  id: '2026-10-30-slow-reports',
  title: 'Reports were slow',
  startedAt: '2026-10-30T08:00:00Z',
  updates: [{ at: '2026-10-30T08:20:00Z', state: 'resolved' }],
});

test.each([
  ['/current.json', Snapshot],
  ['/api/v1/status/current.json', CurrentDocument],
  ['/api/v1/status/components.json', ComponentsDocument],
  ['/api/v1/status/uptime.json', UptimeDocument],
  ['/api/v1/status/incidents.json', IncidentsDocument],
  ['/api/v1/status/incidents/2026-10.json', MonthDocument],
  ['/api/v1/status/incidents/2026-10-30-slow-reports.json', IncidentDocument],
])('%s is what its schema says', (path, schema) => {
  const value = documentsAt('2026-11-20T10:00:00Z', [open, resolved]).get(path);
  expect(schema.parse(value)).toEqual(value);
});

test('the snapshot comes last, so that whoever reads it finds the rest', () => {
  expect([...documentsAt('2026-11-20T10:00:00Z', [open]).keys()].at(-1)).toBe('/current.json');
});

test('incidents.json has the open incidents, the newest resolved ones and the months of the rest', () => {
  expect(documentsAt('2026-11-20T10:00:00Z', [open, resolved]).get('/api/v1/status/incidents.json')).toEqual({
    version: 1,
    generated_at: '2026-11-20T10:00:00Z',
    total: 2,
    open: [
      {
        id: '2026-11-20-card-payments',
        url: 'https://status.example.com/incidents/2026-11-20-card-payments/',
        title: 'Card payments are failing for some merchants',
        impact: 'major',
        state: 'investigating',
        started_at: '2026-11-20T09:05:00Z',
        next_update_due_at: '2026-11-20T09:42:00Z',
        components: [{ id: 'payments', name: 'Payments', status: 'partial_outage' }],
        update_count: 1,
        last_update_at: '2026-11-20T09:12:00Z',
        json_url: 'https://status.example.com/api/v1/status/incidents/2026-11-20-card-payments.json',
      },
    ],
    resolved: [
      {
        id: '2026-10-30-slow-reports',
        url: 'https://status.example.com/incidents/2026-10-30-slow-reports/',
        title: 'Reports were slow',
        impact: 'major',
        state: 'resolved',
        started_at: '2026-10-30T08:00:00Z',
        resolved_at: '2026-10-30T08:20:00Z',
        components: [{ id: 'payments', name: 'Payments', status: 'partial_outage' }],
        update_count: 1,
        last_update_at: '2026-10-30T08:20:00Z',
        json_url: 'https://status.example.com/api/v1/status/incidents/2026-10-30-slow-reports.json',
      },
    ],
    months: [
      {
        month: '2026-11',
        count: 1,
        json_url: 'https://status.example.com/api/v1/status/incidents/2026-11.json',
      },
      {
        month: '2026-10',
        count: 1,
        json_url: 'https://status.example.com/api/v1/status/incidents/2026-10.json',
      },
    ],
  });
});

test('incidents.json stays small however many incidents there were', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ ...resolved, id: `2026-10-30-trouble-${index}` }));
  const value = documentsAt('2026-11-20T10:00:00Z', many).get('/api/v1/status/incidents.json');
  expect(IncidentsDocument.parse(value).resolved.length).toBe(50);
  expect(IncidentsDocument.parse(value).total).toBe(500);
});

test('documents of the archive are the same on another day, documents of the present are not', () => {
  const before = documentsAt('2026-11-20T10:00:00Z', [resolved]);
  const after = documentsAt('2026-11-21T10:00:00Z', [resolved]);
  const same = [...before].filter(([path, value]) => {
    const other = after.get(path);
    return other !== undefined && documentText(other) === documentText(value);
  });
  expect(same.map(([path]) => path)).toEqual([
    '/api/v1/status/incidents/2026-10-30-slow-reports.json',
    '/api/v1/status/incidents/2026-10.json',
  ]);
});
