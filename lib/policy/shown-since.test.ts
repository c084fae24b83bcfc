import { expect, test } from 'vitest';
import { component, incident, instant, override } from '../testing/builders.ts';
import { componentStatus } from './rollup.ts';
import { shownSince } from './shown-since.ts';
import { stretchesOf } from './timeline.ts';

const now = instant('2026-11-20T10:07:00Z');

interface Facts {
  readonly incidents?: ReturnType<typeof incident>[];
  readonly observed?: NonNullable<Parameters<typeof componentStatus>[2]>;
  /** Since when the probes say so. */
  readonly since?: string;
  readonly pinned?: ReturnType<typeof override>;
}

/** What payments shows at 10:07, and since when. */
function shown({ incidents = [], observed, since, pinned }: Facts) {
  const one = component({ override: pinned });
  const status = componentStatus(one, incidents, observed, now);
  const stretches = incidents.flatMap((incident) => stretchesOf(incident, now));
  const probes = observed && { status: observed, since: since === undefined ? undefined : instant(since) };
  const at = shownSince(one, { status, stretches, observed: probes, now });
  return `${status} since ${at?.toISOString().slice(11, 16)}`;
}

const open = incident({ startedAt: '2026-11-20T09:05:00Z', components: { payments: 'partial_outage' } });
const over = incident({
  id: '2026-11-20-over',
  startedAt: '2026-11-20T08:00:00Z',
  components: { payments: 'major_outage' },
  updates: [{ at: '2026-11-20T08:10:00Z' }, { at: '2026-11-20T09:30:00Z', state: 'resolved' }],
});
const partial = incident({
  id: '2026-11-20-partial',
  startedAt: '2026-11-20T08:00:00Z',
  updates: [{ at: '2026-11-20T08:10:00Z' }, { at: '2026-11-20T09:30:00Z', state: 'resolved' }],
});
const eased = incident({
  startedAt: '2026-11-20T08:00:00Z',
  components: { payments: 'major_outage' },
  updates: [
    { at: '2026-11-20T08:10:00Z' },
    { at: '2026-11-20T09:40:00Z', components: { payments: 'degraded_performance' } },
  ],
});
const pinned = override({ setAt: '2026-11-20T10:00:00Z', expiresAt: '2026-11-20T11:00:00Z' });

test.each<[rule: string, facts: Facts, expected: string]>([
  ['nothing is known of the past of a component that nobody asks', {}, 'operational since undefined'],
  [
    'an outage that probes found: since its first failure',
    { observed: 'major_outage', since: '2026-11-20T09:03:00Z' },
    'major_outage since 09:03',
  ],
  [
    'health: since the first pass after the outage',
    { observed: 'operational', since: '2026-11-20T09:50:00Z' },
    'operational since 09:50',
  ],
  ['silence: as the probes say', { observed: 'unknown', since: '2026-11-20T09:20:00Z' }, 'unknown since 09:20'],
  ['a question that was never answered', { observed: 'unknown' }, 'unknown since undefined'],
  ['an open incident: since it began', { incidents: [open] }, 'partial_outage since 09:05'],
  [
    'an incident and probes say the same: since the earlier',
    { incidents: [open], observed: 'partial_outage', since: '2026-11-20T09:08:00Z' },
    'partial_outage since 09:05',
  ],
  [
    'probes say worse than the incident: since they do',
    { incidents: [open], observed: 'major_outage', since: '2026-11-20T09:55:00Z' },
    'major_outage since 09:55',
  ],
  ['an incident got better: since the update that says so', { incidents: [eased] }, 'degraded_performance since 09:40'],
  [
    'probes said so before the incident got better: since it did',
    { incidents: [eased], observed: 'degraded_performance', since: '2026-11-20T09:00:00Z' },
    'degraded_performance since 09:40',
  ],
  ['after an incident, with nobody asking: since its end', { incidents: [over] }, 'operational since 09:30'],
  [
    'after an incident that outlived the outage: since its end',
    { incidents: [over], observed: 'operational', since: '2026-11-20T09:10:00Z' },
    'operational since 09:30',
  ],
  [
    'one incident after the other without a gap: since the first',
    {
      incidents: [partial, open],
    },
    'partial_outage since 08:00',
  ],
  [
    'an active override: since it was set',
    { pinned, observed: 'major_outage', since: '2026-11-20T09:03:00Z' },
    'under_maintenance since 10:00',
  ],
  [
    'an override that is over is as if it had never been',
    {
      pinned: override({ expiresAt: '2026-11-20T10:07:00Z' }),
      observed: 'major_outage',
      since: '2026-11-20T09:03:00Z',
    },
    'major_outage since 09:03',
  ],
])('%s', (_rule, facts, expected) => {
  expect(shown(facts)).toBe(expected);
});
