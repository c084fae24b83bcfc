import type { PublicComponent, PublicDay, Snapshot } from '../schema/snapshot.ts';
import type { ComponentStatus } from '../schema/status.ts';
import type { PageData } from '../snapshot/page-data.ts';
import { livePage } from '../snapshot/pages.ts';
import { aComponent, anIncident, anUpdate, builtAt, daysOf, frontPage, lineOf, timesOf } from './page-builders.ts';

/** The snapshot of a shop in the middle of an incident. */
export function midIncident(): Snapshot {
  return {
    version: 1,
    stale_after_seconds: 900,
    generated_at: builtAt,
    page,
    overall: { status: 'partial_outage', summary: 'Some services are failing for some people' },
    components: shopComponents({ payments: 'partial_outage', 'point-of-sale': 'degraded_performance' }),
    open_incidents: [cardPayments],
    recent_incidents: [slowExports, lateMail],
  };
}

/** The same shop with one overall status, which its first component shows, and no open incident. */
export function calm(status: ComponentStatus, summary: string, fields: Partial<Snapshot> = {}): Snapshot {
  return {
    ...midIncident(),
    overall: { status, summary },
    components: shopComponents({ payments: status }),
    open_incidents: [],
    ...fields,
  };
}

/** The same shop while nothing recent is known of one component and an operator has pinned another. */
export function pinnedAndSilent(): Snapshot {
  const snapshot = calm('operational', '');
  const pin = {
    reason: 'Planned upgrade of the stock database',
    set_at: builtAt,
    expires_at: '2026-11-20T11:30:00Z',
    otherwise: { status: 'operational', since: '2026-11-20T09:30:00Z' },
  } as const;
  return {
    ...snapshot,
    overall: { status: 'under_maintenance', summary: 'Maintenance is under way' },
    components: snapshot.components.map((component): PublicComponent => {
      if (component.id === 'inventory-sync') return { ...component, status: 'under_maintenance', override: pin };
      return component.id === 'reports' ? { ...component, status: 'unknown' } : component;
    }),
  };
}

/** One page of each kind, by its path, as one shop in the middle of an incident would publish them. */
export function shopPages(): Record<string, PageData> {
  const snapshot = midIncident();
  const shared = { page, asOf: builtAt };
  const [component] = snapshot.components;
  if (component === undefined) throw new Error('The shop has components.');
  const month = { kind: 'month', month: '2026-11', newer: undefined, older: '2026-10' } as const;
  return {
    '/': frontPage(snapshot),
    '/incidents/2026-11-20-card-payments/': {
      ...shared,
      live: livePage(snapshot),
      kind: 'incident',
      incident: cardPayments,
    },
    '/incidents/2026-11-12-late-mail/': { ...shared, kind: 'incident', incident: lateMail },
    '/history/': { ...shared, kind: 'history', months: shopMonths },
    '/history/2026-11/': { ...shared, ...month, incidents: [cardPayments, slowExports, lateMail].map(lineOf) },
    '/components/payments/': {
      ...shared,
      live: livePage(snapshot, component.id),
      kind: 'component',
      component,
      openIncidents: [lineOf(cardPayments)],
      pastIncidents: [lineOf(lateMail)],
    },
    '/404.html': { ...shared, kind: 'not_found' },
  };
}

const page: Snapshot['page'] = {
  name: 'Marigold Commerce',
  url: 'https://status.marigold.example/',
  description: 'Whether Marigold works for your shop, right now.',
  support_email: 'support@marigold.example',
};

const shopMonths = [
  { month: '2026-11', count: 3 },
  { month: '2026-10', count: 1 },
  { month: '2025-12', count: 12 },
];

const cardPayments = anIncident({
  id: '2026-11-20-card-payments',
  title: 'Card payments are failing for some merchants',
  started_at: '2026-11-20T09:05:00Z',
  next_update_due_at: '2026-11-20T11:05:00Z',
  components: [
    { id: 'payments', name: 'Payments', status: 'partial_outage' },
    { id: 'point-of-sale', name: 'Point of Sale', status: 'degraded_performance' },
  ],
  updates: [
    anUpdate(
      'monitoring',
      '2026-11-20T10:05:00Z',
      'Most card payments are going through again, slower than usual. Orders that failed were not charged; your customers can try again.',
      { components: [{ id: 'point-of-sale', status: 'degraded_performance' }] },
    ),
    anUpdate(
      'identified',
      '2026-11-20T09:40:00Z',
      'A card network is rejecting part of our requests. We are moving traffic to another route. Cash and vouchers work as usual.',
    ),
    anUpdate(
      'investigating',
      '2026-11-20T09:12:00Z',
      'Some card payments fail in store and online. We are looking into it and will write again within half an hour.',
    ),
  ],
});

const slowExports = anIncident({
  id: '2026-11-17-slow-exports',
  title: 'Report exports took up to an hour',
  impact: 'minor',
  components: [{ id: 'reports', name: 'Reports', status: 'degraded_performance' }],
  updates: [
    anUpdate(
      'resolved',
      '2026-11-17T15:41:00Z',
      'Exports finish within a minute again. Every export that was asked for has been delivered.',
    ),
    anUpdate('investigating', '2026-11-17T14:08:00Z', 'Exports of large reports take longer than usual.'),
  ],
});

const lateMail = anIncident({
  id: '2026-11-12-late-mail',
  title: 'Order confirmations arrived late',
  impact: 'minor',
  imported_from: 'https://old-status.marigold.example/incidents/4711',
  components: [{ id: 'email-delivery', name: 'Email Delivery', status: 'degraded_performance' }],
  updates: [
    anUpdate('resolved', '2026-11-12T08:02:00Z', 'All delayed mail has been delivered.'),
    anUpdate('identified', '2026-11-12T06:31:00Z', 'Order confirmations are sent up to two hours late. None is lost.'),
  ],
});

function shopComponents(statuses: Partial<Record<string, ComponentStatus>>): PublicComponent[] {
  const measured = (told: Record<string, PublicDay['status']>, uptime: number) => ({
    days: daysOf(told, 'operational'),
    uptime_90d: uptime,
    measured_seconds_90d: 89 * 86_400,
  });
  const all: PublicComponent[] = [
    aComponent({
      id: 'payments',
      name: 'Payments',
      description: 'Taking card payments in store and online',
      group: 'Selling',
      ...measured(
        { '2026-11-20': 'partial_outage', '2026-10-04': 'major_outage', '2026-09-15': 'degraded_performance' },
        99.914,
      ),
      since: '2026-11-20T09:05:00Z',
      response_times: timesOf([
        [20, 21],
        [91, 95],
      ]),
    }),
    aComponent({
      id: 'point-of-sale',
      name: 'Point of Sale',
      description: 'The till app on your devices',
      group: 'Selling',
      ...measured({ '2026-11-20': 'degraded_performance' }, 99.98),
    }),
    aComponent({ id: 'online-store', name: 'Online Store', group: 'Selling', ...measured({}, 100) }),
    aComponent({
      id: 'inventory-sync',
      name: 'Inventory Sync',
      description: 'Stock levels across your shops',
      group: 'Stock',
      ...measured({ '2026-10-20': 'under_maintenance', '2026-10-21': 'under_maintenance' }, 99.99),
    }),
    aComponent({
      id: 'email-delivery',
      name: 'Email Delivery',
      description: 'Receipts and order confirmations',
      group: 'Telling',
      days: daysOf({ '2026-11-12': 'degraded_performance' }),
    }),
    aComponent({ id: 'reports', name: 'Reports', group: 'Telling' }),
  ];
  return all.map((component) => ({ ...component, status: statuses[component.id] ?? component.status }));
}
