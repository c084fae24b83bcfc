import { expect, test } from 'vitest';
import type { Content } from '../content/content.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { PublicComponent, PublicIncident, PublicUpdate, Snapshot } from '../schema/snapshot.ts';
import { component, config, content, incident, instant, override } from '../testing/builders.ts';
import { noObservations, type Observations } from './observations.ts';
import { buildPublicModel } from './public-model.ts';

const now = instant('2026-11-20T10:07:00Z');

function modelOf(fields: Partial<Content>, observations: Observations = noObservations) {
  const built = content(fields);
  const bodies = built.incidents.flatMap(({ updates }) => updates.map(({ body }) => body));
  const redaction = compileRedactionRules({ names: [], hosts: [], patterns: [] });
  const rendered = new Map(bodies.map((body) => [body, { html: `<p>${body}</p>`, text: body }]));
  return buildPublicModel({ content: built, rendered, observations, redaction, now });
}

test('these fields may leave, and no other', () => {
  expect(Object.keys(Snapshot.shape)).toEqual([
    'version',
    'generated_at',
    'stale_after_seconds',
    'page',
    'overall',
    'components',
    'open_incidents',
    'recent_incidents',
  ]);
  expect(Object.keys(Snapshot.shape.page.shape)).toEqual([
    'name',
    'url',
    'description',
    'support_email',
    'endpoint_url',
  ]);
  expect(Object.keys(PublicComponent.shape)).toEqual([
    'id',
    'name',
    'description',
    'group',
    'status',
    'since',
    'override',
    'uptime_90d',
    'measured_seconds_90d',
    'days',
    'response_times',
  ]);
  expect(Object.keys(PublicComponent.shape.response_times.unwrap().shape)).toEqual([
    'from',
    'step_minutes',
    'medians_ms',
    'unanswered',
  ]);
  const override = PublicComponent.shape.override.unwrap();
  expect(Object.keys(override.shape)).toEqual(['reason', 'set_at', 'expires_at', 'otherwise']);
  expect(Object.keys(override.shape.otherwise.shape)).toEqual(['status', 'since']);
  expect(Object.keys(PublicComponent.shape.days.element.shape)).toEqual(['date', 'status', 'uptime']);
  expect(Object.keys(PublicIncident.shape)).toEqual([
    'id',
    'url',
    'title',
    'impact',
    'state',
    'started_at',
    'resolved_at',
    'next_update_due_at',
    'imported_from',
    'components',
    'updates',
  ]);
  expect(Object.keys(PublicIncident.shape.components.element.shape)).toEqual(['id', 'name', 'status']);
  expect(Object.keys(PublicUpdate.shape)).toEqual(['state', 'at', 'html', 'text', 'components']);
});

test('an open incident is public as a whole, its updates newest first', () => {
  const { snapshot, history } = modelOf({
    incidents: [
      incident({
        updates: [
          { at: '2026-11-20T09:12:00Z', body: 'We are looking into it.' },
          { at: '2026-11-20T09:40:00Z', state: 'identified', body: 'Found.', components: { payments: 'major_outage' } },
        ],
      }),
    ],
  });
  expect(snapshot.open_incidents).toEqual([
    {
      id: '2026-11-20-card-payments',
      url: 'https://status.example.com/incidents/2026-11-20-card-payments/',
      title: 'Card payments are failing for some merchants',
      impact: 'major',
      state: 'identified',
      started_at: '2026-11-20T09:05:00Z',
      next_update_due_at: '2026-11-20T10:40:00Z',
      components: [{ id: 'payments', name: 'Payments', status: 'major_outage' }],
      updates: [
        {
          state: 'identified',
          at: '2026-11-20T09:40:00Z',
          html: '<p>Found.</p>',
          text: 'Found.',
          components: [{ id: 'payments', status: 'major_outage' }],
        },
        {
          state: 'investigating',
          at: '2026-11-20T09:12:00Z',
          html: '<p>We are looking into it.</p>',
          text: 'We are looking into it.',
          components: [],
        },
      ],
    },
  ]);
  expect(history).toEqual(snapshot.open_incidents);
  expect(snapshot.components.map(({ id, status }) => [id, status])).toEqual([['payments', 'major_outage']]);
  expect(snapshot.overall).toEqual({ status: 'major_outage', summary: 'Some services are down' });
  expect(Snapshot.parse(snapshot)).toEqual(snapshot);
});

test('a resolved incident tells its worst, and no longer weighs on the present', () => {
  const { snapshot } = modelOf({
    incidents: [
      incident({
        updates: [
          { at: '2026-11-20T09:12:00Z', components: { payments: 'major_outage' } },
          { at: '2026-11-20T09:40:00Z', components: { payments: 'degraded_performance' } },
          { at: '2026-11-20T10:00:00Z', state: 'resolved' },
        ],
      }),
    ],
  });
  expect(snapshot.open_incidents).toEqual([]);
  expect(snapshot.recent_incidents[0]?.components).toEqual([
    { id: 'payments', name: 'Payments', status: 'major_outage' },
  ]);
  expect(snapshot.recent_incidents[0]?.resolved_at).toBe('2026-11-20T10:00:00Z');
  expect(snapshot.overall).toEqual({ status: 'operational', summary: 'Everything is working' });
});

test('a draft has no way in', () => {
  const draft = incident({
    id: '2026-11-20-secret-draft',
    title: 'Secret title',
    published: false,
    updates: [{ body: 'Secret words' }],
  });
  const model = modelOf({ incidents: [draft] });
  expect(JSON.stringify(model)).not.toMatch(/secret/i);
  expect(model.snapshot.components.map(({ status }) => status)).toEqual(['operational']);
  expect(model.snapshot.components[0]?.days.at(-1)).toEqual({ date: '2026-11-20', status: 'no_data' });
});

test('every plain string is redacted on its way out', () => {
  const { snapshot } = modelOf({
    config: config({ name: 'Status of 10.0.0.1', description: 'Ask db.prod.internal' }),
    components: [
      component({
        name: 'Payments 10.0.0.2',
        description: 'At 10.0.0.3',
        group: 'Group 10.0.0.4',
        override: override({ reason: 'Because of 10.0.0.5', expiresAt: '2026-11-20T11:00:00Z' }),
      }),
    ],
    incidents: [incident({ title: 'Trouble at 10.0.0.6', importedFrom: 'https://10.0.0.7/incidents/1' })],
  });
  expect(JSON.stringify(snapshot)).not.toMatch(/10\.0\.0\.|internal/);
  expect(snapshot.page.name).toBe('Status of [redacted]');
  expect(snapshot.components[0]?.override?.reason).toBe('Because of [redacted]');
  expect(snapshot.open_incidents[0]?.title).toBe('Trouble at [redacted]');
  expect(snapshot.open_incidents[0]?.components[0]?.name).toBe('Payments [redacted]');
  expect(snapshot.open_incidents[0]?.imported_from).toBeUndefined();
});

test('the address from which history came is public where nothing in it is secret', () => {
  const { history } = modelOf({ incidents: [incident({ importedFrom: 'https://old.example.com/incidents/1' })] });
  expect(history[0]?.imported_from).toBe('https://old.example.com/incidents/1');
});

test('an override is shown with its reason while it is active, and not after', () => {
  const active = override({ expiresAt: '2026-11-20T10:30:00Z' });
  const [during] = modelOf({ components: [component({ override: active })] }).snapshot.components;
  expect([during?.status, during?.override]).toEqual([
    'under_maintenance',
    {
      reason: 'Planned upgrade of the card terminals',
      set_at: '2026-11-20T08:00:00Z',
      expires_at: '2026-11-20T10:30:00Z',
      otherwise: { status: 'operational' },
    },
  ]);
  const [after] = modelOf({ components: [component({ override: override() })] }).snapshot.components;
  expect([after?.status, after?.override]).toEqual(['operational', undefined]);
});

test('an active override tells what the component shows from its end on: what open incidents say, and since when', () => {
  const pinned = component({ override: override({ expiresAt: '2026-11-20T10:30:00Z' }) });
  const [shown] = modelOf({ components: [pinned], incidents: [incident()] }).snapshot.components;
  expect([shown?.status, shown?.override?.otherwise]).toEqual([
    'under_maintenance',
    { status: 'partial_outage', since: '2026-11-20T09:05:00Z' },
  ]);
});

test('an override that has not begun is not public', () => {
  const planned = override({ setAt: '2026-11-20T10:07:01Z', expiresAt: '2026-11-20T11:00:00Z' });
  const [shown] = modelOf({ components: [component({ override: planned })] }).snapshot.components;
  expect([shown?.status, shown?.override]).toEqual(['operational', undefined]);
});

test('what probes measured is shown, and silence is not shown as health', () => {
  const days = new Map([['2026-11-20', { status: 'operational', uptime: 99.5 } as const]]);
  const observations: Observations = {
    ...noObservations,
    components: new Map([
      [
        'payments',
        {
          health: { status: 'unknown', since: undefined },
          days,
          uptime90d: 99.5,
          measuredSeconds90d: 7200,
          responseTimes: undefined,
        },
      ],
    ]),
  };
  const { snapshot } = modelOf({}, observations);
  expect(snapshot.components[0]).toMatchObject({ status: 'unknown', uptime_90d: 99.5, measured_seconds_90d: 7200 });
  expect(snapshot.components[0]?.days.at(-1)).toEqual({ date: '2026-11-20', status: 'operational', uptime: 99.5 });
  expect(snapshot.overall).toEqual({ status: 'unknown', summary: 'The state of some services is not known' });
});

test('without probes and incidents there is no uptime figure and no data in the bars', () => {
  const { snapshot } = modelOf({});
  expect(snapshot.components[0]?.uptime_90d).toBeUndefined();
  expect(new Set(snapshot.components[0]?.days.map(({ status }) => status))).toEqual(new Set(['no_data']));
});

test('current.json tells of the newest ten resolved incidents of the last 90 days', () => {
  const resolved = Array.from({ length: 12 }, (_, index) => {
    const day = `2026-11-${String(19 - index).padStart(2, '0')}`;
    return incident({
      id: `${day}-trouble`,
      startedAt: `${day}T08:00:00Z`,
      updates: [{ at: `${day}T09:00:00Z`, state: 'resolved' }],
    });
  });
  const { snapshot } = modelOf({ incidents: resolved });
  expect(snapshot.recent_incidents.map(({ id }) => id)).toEqual(resolved.slice(0, 10).map(({ id }) => id));
  const old = incident({
    startedAt: '2026-08-22T08:00:00Z',
    updates: [{ at: '2026-08-22T09:00:00Z', state: 'resolved' }],
  });
  expect(modelOf({ incidents: [old] }).snapshot.recent_incidents).toEqual([]);
});
