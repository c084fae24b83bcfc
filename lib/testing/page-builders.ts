import type {
  PublicComponent,
  PublicDay,
  PublicIncident,
  PublicResponseTimes,
  PublicUpdate,
  Snapshot,
} from '../schema/snapshot.ts';
import type { IncidentState } from '../schema/status.ts';
import type { PageOf } from '../snapshot/page-data.ts';
import { livePage } from '../snapshot/pages.ts';

/** The instant at which the built pages are made unless a test says otherwise. */
export const builtAt = '2026-11-20T10:07:00Z';

/** The last 90 days of a component, all without data but those given: `{ '2026-11-03': 'major_outage' }`. */
export function daysOf(
  told: Record<string, PublicDay['status']> = {},
  rest: PublicDay['status'] = 'no_data',
): PublicDay[] {
  const end = Date.parse(builtAt.slice(0, 10));
  return Array.from({ length: 90 }, (_, index) => {
    const date = new Date(end - (89 - index) * 86_400_000).toISOString().slice(0, 10);
    const status = told[date] ?? rest;
    return status === 'no_data' ? { date, status } : { date, status, uptime: status === 'operational' ? 100 : 97.315 };
  });
}

/** The last 24 hours of a component that answers within some 120 ms, but for a slow hour and for `gaps`, as steps from and until. */
export function timesOf(gaps: readonly (readonly [number, number])[] = []): PublicResponseTimes {
  const medians = Array.from({ length: 96 }, (_, step) => {
    const isGap = gaps.some(([from, until]) => step >= from && step < until);
    const slow = step >= 60 && step < 64 ? 160 : 0;
    return isGap ? null : 110 + ((step * 37) % 23) + slow;
  });
  const unanswered = gaps.flatMap(([from, until]) => Array.from({ length: until - from }, (_, index) => from + index));
  const failed = unanswered.length === 0 ? {} : { unanswered };
  return { from: '2026-11-19T10:15:00Z', step_minutes: 15, medians_ms: medians, ...failed };
}

/** A component as the public sees it. */
export function aComponent(fields: Partial<PublicComponent> & { id: string; name: string }): PublicComponent {
  return { status: 'operational', days: daysOf(), ...fields };
}

/** An update as the public sees it; `html` is made from `text` unless given. */
export function anUpdate(
  state: IncidentState,
  at: string,
  text: string,
  fields: Partial<PublicUpdate> = {},
): PublicUpdate {
  return { state, at, text, html: `<p>${text}</p>`, components: [], ...fields };
}

/** An incident as the public sees it; state and instants follow from its updates, newest first. */
export function anIncident(
  fields: Partial<PublicIncident> & { id: string; title: string; updates: PublicUpdate[] },
): PublicIncident {
  const [newest, oldest] = [fields.updates[0], fields.updates.at(-1)];
  const state = newest?.state ?? 'investigating';
  return {
    url: `https://status.marigold.example/incidents/${fields.id}/`,
    impact: 'major',
    state,
    started_at: oldest?.at ?? builtAt,
    ...(state === 'resolved' && newest !== undefined ? { resolved_at: newest.at } : {}),
    components: [{ id: 'payments', name: 'Payments', status: 'partial_outage' }],
    ...fields,
  };
}

/** The front page of a snapshot. */
export function frontPage(snapshot: Snapshot): PageOf<'front'> {
  return { kind: 'front', page: snapshot.page, asOf: snapshot.generated_at, live: livePage(snapshot), snapshot };
}

/** An incident in a list. */
export function lineOf(incident: PublicIncident): PageOf<'month'>['incidents'][number] {
  const { id, title, impact, state, started_at, resolved_at, components, updates } = incident;
  const resolved = resolved_at === undefined ? {} : { resolved_at };
  const lastText = updates[0]?.text ?? '';
  return { id, title, impact, state, started_at, ...resolved, components, updateCount: updates.length, lastText };
}
