import type { Content, SourceFile } from '../content/content.ts';
import type { Component, Override } from '../schema/component.ts';
import { StatusConfig } from '../schema/config.ts';
import type { Incident, Update } from '../schema/incident.ts';
import { type Probe, ProbeFile } from '../schema/probe.ts';
import type { ReportedStatus } from '../schema/status.ts';

/** An instant from its text. */
export function instant(text: string): Date {
  return new Date(text);
}

type UpdateFields = Partial<Omit<Update, 'at' | 'components'>> & {
  readonly at?: Date | string;
  readonly components?: Readonly<Record<string, ReportedStatus>>;
};

/** One update; by default the first of an incident. */
function update({ at, components, ...fields }: UpdateFields = {}): Update {
  return {
    state: 'investigating',
    at: new Date(at ?? '2026-11-20T09:12:00Z'),
    components: new Map(Object.entries(components ?? {})),
    body: 'We are looking into it.',
    position: { line: 12, column: 1 },
    bodyPosition: { line: 14, column: 1 },
    ...fields,
  };
}

type IncidentFields = Partial<Omit<Incident, 'startedAt' | 'resolvedAt' | 'components' | 'updates'>> & {
  readonly startedAt?: Date | string;
  readonly resolvedAt?: Date | string;
  readonly components?: Readonly<Record<string, ReportedStatus>>;
  readonly updates?: readonly UpdateFields[];
};

/** A published incident that affects payments; its state is that of its newest update. */
export function incident({ startedAt, resolvedAt, components, updates, ...fields }: IncidentFields = {}): Incident {
  const id = fields.id ?? '2026-11-20-card-payments';
  const built = (updates ?? [{}]).map((one, i) => update({ position: { line: 12 + 4 * i, column: 1 }, ...one }));
  return {
    id,
    file: `incidents/${id}.md`,
    title: 'Card payments are failing for some merchants',
    published: true,
    impact: 'major',
    components: new Map(Object.entries(components ?? { payments: 'partial_outage' })),
    state: built.at(-1)?.state ?? 'investigating',
    startedAt: new Date(startedAt ?? '2026-11-20T09:05:00Z'),
    resolvedAt: resolvedAt === undefined ? undefined : new Date(resolvedAt),
    autoDetected: false,
    importedFrom: undefined,
    updates: built,
    positions: new Map(),
    ...fields,
  };
}

type OverrideFields = Partial<Omit<Override, 'setAt' | 'expiresAt'>> & {
  readonly setAt?: Date | string;
  readonly expiresAt?: Date | string;
};

/** An override of one hour for planned work. */
export function override({ setAt, expiresAt, ...fields }: OverrideFields = {}): Override {
  return {
    status: 'under_maintenance',
    reason: 'Planned upgrade of the card terminals',
    setAt: new Date(setAt ?? '2026-11-20T08:00:00Z'),
    expiresAt: new Date(expiresAt ?? '2026-11-20T09:00:00Z'),
    ...fields,
  };
}

/** The component that takes payments. */
export function component(fields: Partial<Component> = {}): Component {
  const id = fields.id ?? 'payments';
  return {
    id,
    file: `components/${id}.yml`,
    name: 'Payments',
    description: undefined,
    group: undefined,
    order: 0,
    override: undefined,
    positions: new Map(),
    ...fields,
  };
}

type ProbeFields = Partial<Omit<Probe, 'asks'>> & {
  readonly asks?: { readonly kind?: string; readonly [key: string]: unknown };
};

/** An http probe of payments; `asks` is as a file says it, with the rest filled in where it names no other kind. */
export function probe({ asks, ...fields }: ProbeFields = {}): Probe {
  const id = fields.id ?? 'payments-api';
  const http = { kind: 'http', url: 'https://api.example.com/health' };
  const written = { component: 'payments', ...(asks?.kind === undefined ? http : {}), ...asks };
  return { id, file: `probes/${id}.yml`, asks: ProbeFile.parse(written), positions: new Map(), ...fields };
}

/** The settings of a page. */
export function config(fields: Partial<StatusConfig> = {}): StatusConfig {
  return {
    ...StatusConfig.parse({
      name: 'Meadow Status',
      url: 'https://status.example.com',
      support_email: 'help@example.com',
    }),
    ...fields,
  };
}

/** Content with one component and no incident. */
export function content(fields: Partial<Content> = {}): Content {
  return { config: config(), components: [component()], incidents: [], probes: [], brokenProbes: [], ...fields };
}

/** The files of a sound content root with one component and one resolved incident, changed by path; `undefined` leaves a file out. */
export function contentFiles(changes: Readonly<Record<string, string | Uint8Array | undefined>> = {}): SourceFile[] {
  const texts = { ...soundTexts, ...changes };
  return Object.entries(texts).flatMap(([path, text]) => {
    if (text === undefined) return [];
    return [{ path, bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text }];
  });
}

/** The texts of the files that `contentFiles` begins with. */
export const soundTexts = {
  'status.config.yml': 'name: Meadow Status\nurl: https://status.example.com\nsupport_email: help@example.com\n',
  'components/payments.yml': 'name: Payments\n',
  'incidents/2026-11-20-card-payments.md': `---
title: Card payments are failing for some merchants
published: true
impact: major
components:
  payments: partial_outage
state: resolved
started_at: 2026-11-20T09:05:00Z
---

## investigating 2026-11-20T09:12:00Z

We are looking into card payments that fail for some merchants.

## identified 2026-11-20T09:40:00Z

A payment provider is rejecting some cards.

## monitoring 2026-11-20T10:05:00Z payments=degraded_performance

Payments are going through again, slower than usual.

## resolved 2026-11-20T10:40:00Z

Card payments work again.
`,
} as const;
