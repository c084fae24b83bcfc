import { describe, expect, test } from 'vitest';
import type { Component } from '../schema/component.ts';
import type { RecordedState } from '../schema/state.ts';
import { component, incident, override } from '../testing/builders.ts';
import { contentFacts, type ToldContent, transitionFacts } from './audit-facts.ts';

const now = new Date('2026-11-20T08:30:00Z');

function tell(content: Partial<ToldContent>, recorded?: RecordedState, at = now, unread?: ReadonlySet<string>) {
  const whoOf = (file: string) => `author of ${file}`;
  return contentFacts({ incidents: [], components: [], ...content }, recorded, {
    now: at,
    whoOf,
    ...(unread === undefined ? {} : { unread }),
  });
}

describe('incidents', () => {
  const published = incident({
    components: { payments: 'partial_outage' },
    updates: [
      { at: '2026-11-20T09:12:00Z' },
      {
        at: '2026-11-20T09:40:00Z',
        state: 'identified',
        components: { payments: 'major_outage', tills: 'partial_outage' },
      },
    ],
  });

  test('publication and each update are told, with what changed and never with their words', () => {
    const { facts, recorded } = tell({ incidents: [published] });
    const by = {
      who: 'author of incidents/2026-11-20-card-payments.md',
      subject: 'incidents/2026-11-20-card-payments',
    };
    expect(facts).toEqual([
      {
        ...by,
        id: 'incident.published 2026-11-20-card-payments',
        action: 'incident.published',
        before: null,
        after: { impact: 'major', started_at: '2026-11-20T09:05:00.000Z', 'components.payments': 'partial_outage' },
      },
      {
        ...by,
        id: 'update.published 2026-11-20-card-payments 2026-11-20T09:12:00.000Z',
        action: 'update.published',
        before: null,
        after: { state: 'investigating', at: '2026-11-20T09:12:00.000Z' },
      },
      {
        ...by,
        id: 'update.published 2026-11-20-card-payments 2026-11-20T09:40:00.000Z',
        action: 'update.published',
        before: { state: 'investigating', 'components.payments': 'partial_outage' },
        after: {
          state: 'identified',
          at: '2026-11-20T09:40:00.000Z',
          'components.payments': 'major_outage',
          'components.tills': 'partial_outage',
        },
      },
    ]);
    expect(recorded).toEqual({ incidents: { '2026-11-20-card-payments': 2 }, overrides: {}, told: 0, pending: [] });
  });

  test('what was told is not told again; a further update alone is', () => {
    const { recorded } = tell({ incidents: [published] });
    expect(tell({ incidents: [published] }, recorded)).toEqual({ facts: [], recorded });
    const [third] = incident({ updates: [{ at: '2026-11-20T10:05:00Z', state: 'monitoring' }] }).updates;
    if (third === undefined) throw new Error('It has an update.');
    const longer = { ...published, updates: [...published.updates, third] };
    const news = tell({ incidents: [longer] }, recorded);
    expect(news.facts.map(({ id }) => id)).toEqual([
      'update.published 2026-11-20-card-payments 2026-11-20T10:05:00.000Z',
    ]);
    expect(news.recorded.incidents).toEqual({ '2026-11-20-card-payments': 3 });
  });

  test('a draft is told of once it is published', () => {
    const draft = incident({ published: false });
    const { facts, recorded } = tell({ incidents: [draft] });
    expect(facts).toEqual([]);
    expect(tell({ incidents: [{ ...draft, published: true }] }, recorded).facts).toHaveLength(2);
  });

  test('an older copy of the content takes nothing back', () => {
    const { recorded } = tell({ incidents: [published] });
    expect(tell({ incidents: [] }, recorded)).toEqual({ facts: [], recorded });
    expect(tell({ incidents: [incident()] }, recorded)).toEqual({ facts: [], recorded });
  });

  test('older incidents are told of first', () => {
    const incidents = ['2026-11-20-new', '2026-11-19-old'].map((id) => incident({ id, updates: [] }));
    expect(tell({ incidents }).facts.map(({ subject }) => subject)).toEqual([
      'incidents/2026-11-19-old',
      'incidents/2026-11-20-new',
    ]);
  });
});

describe('overrides', () => {
  const [eight, half, nine, ten] = [hour(8), hour(8.5), hour(9), hour(10)];
  const held = override();
  const longer = override({ expiresAt: '2026-11-20T10:00:00Z' });
  const second = override({ setAt: '2026-11-20T08:20:00Z', status: 'partial_outage' });
  const later = override({ setAt: '2026-11-20T09:30:00Z', expiresAt: '2026-11-20T11:00:00Z' });

  type Steps = readonly (readonly [Date, Component['override']])[];

  /** What is told over time: at each step, the override that the file holds then. */
  function story(steps: Steps): string[] {
    let recorded: RecordedState | undefined;
    return steps.flatMap(([at, present]) => {
      const told = tell({ components: [component({ override: present })] }, recorded, at);
      recorded = told.recorded;
      return told.facts.map(({ id, who }) => `${id} by ${who.replace(/^author of .*/, 'its author')}`);
    });
  }

  const by = 'by its author';
  const [first, other, third] = ['2026-11-20T08:00:00.000Z', '2026-11-20T08:20:00.000Z', '2026-11-20T09:30:00.000Z'];

  test.each<[string, Steps, string[]]>([
    ['none', [[eight, undefined]], []],
    [
      'set',
      [
        [eight, held],
        [half, held],
      ],
      [`override.set payments ${first} 1 ${by}`],
    ],
    [
      'set and taken away',
      [
        [eight, held],
        [half, undefined],
        [half, undefined],
      ],
      [`override.set payments ${first} 1 ${by}`, `override.cleared payments ${first} 2 ${by}`],
    ],
    [
      'expired while it stands in the file, which is then cleaned up',
      [
        [eight, held],
        [nine, held],
        [ten, held],
        [ten, undefined],
      ],
      [`override.set payments ${first} 1 ${by}`, `override.expired payments ${first} 2 by expiry`],
    ],
    [
      'expired, and gone from the file when anybody looks',
      [
        [eight, held],
        [nine, undefined],
      ],
      [`override.set payments ${first} 1 ${by}`, `override.expired payments ${first} 2 by expiry`],
    ],
    [
      'set and expired before anybody looks',
      [[ten, held]],
      [`override.set payments ${first} 1 ${by}`, `override.expired payments ${first} 2 by expiry`],
    ],
    [
      'prolonged',
      [
        [eight, held],
        [half, longer],
        [nine, longer],
        [ten, longer],
      ],
      [
        `override.set payments ${first} 1 ${by}`,
        `override.changed payments ${first} 2 ${by}`,
        `override.expired payments ${first} 3 by expiry`,
      ],
    ],
    [
      'prolonged after its end',
      [
        [eight, held],
        [nine, held],
        [nine, longer],
        [ten, longer],
      ],
      [
        `override.set payments ${first} 1 ${by}`,
        `override.expired payments ${first} 2 by expiry`,
        `override.changed payments ${first} 3 ${by}`,
        `override.expired payments ${first} 4 by expiry`,
      ],
    ],
    [
      'replaced while it holds',
      [
        [eight, held],
        [half, second],
      ],
      [`override.set payments ${first} 1 ${by}`, `override.set payments ${other} 2 ${by}`],
    ],
    [
      'followed by another after its end',
      [
        [eight, held],
        [ten, later],
      ],
      [
        `override.set payments ${first} 1 ${by}`,
        `override.expired payments ${first} 2 by expiry`,
        `override.set payments ${third} 3 ${by}`,
      ],
    ],
    [
      'taken away and brought back as it was',
      [
        [eight, held],
        [half, undefined],
        [half, held],
      ],
      [
        `override.set payments ${first} 1 ${by}`,
        `override.cleared payments ${first} 2 ${by}`,
        `override.set payments ${first} 3 ${by}`,
      ],
    ],
  ])('%s', (_what, steps, expected) => {
    expect(story(steps)).toEqual(expected);
  });

  test('a fact says what held before and after', () => {
    const { recorded } = tell({ components: [component({ override: held })] }, undefined, eight);
    const { facts } = tell({ components: [component({ override: second })] }, recorded, half);
    expect(facts).toEqual([
      {
        id: `override.set payments ${other} 2`,
        action: 'override.set',
        who: 'author of components/payments.yml',
        subject: 'components/payments',
        before: {
          status: 'under_maintenance',
          reason: 'Planned upgrade of the card terminals',
          set_at: first,
          expires_at: '2026-11-20T09:00:00.000Z',
        },
        after: {
          status: 'partial_outage',
          reason: 'Planned upgrade of the card terminals',
          set_at: other,
          expires_at: '2026-11-20T09:00:00.000Z',
        },
      },
    ]);
  });

  test('a component whose file is gone has no override any more; one whose file cannot be read may have', () => {
    const { recorded } = tell({ components: [component({ override: held })] }, undefined, eight);
    expect(tell({}, recorded, half).facts.map(({ action }) => action)).toEqual(['override.cleared']);
    expect(tell({}, recorded, half, new Set(['payments']))).toEqual({ facts: [], recorded });
  });

  test('a component may be called like something that every object has', () => {
    const odd = component({ id: 'constructor', override: held });
    const { facts, recorded } = tell({ components: [odd] }, undefined, eight);
    expect(facts.map(({ id }) => id)).toEqual([`override.set constructor ${first} 1`]);
    expect(tell({ components: [odd] }, recorded, half).facts).toEqual([]);
  });
});

test('a component that changed is told of with when it happened and when it was known', () => {
  const [since, known] = [Date.UTC(2026, 10, 20, 9, 0), Date.UTC(2026, 10, 20, 9, 10)];
  expect(
    transitionFacts([{ component: 'payments', before: 'operational', after: 'major_outage', since, known_at: known }]),
  ).toEqual([
    {
      id: 'component.changed payments 2026-11-20T09:10:00.000Z operational major_outage',
      action: 'component.changed',
      who: 'probes',
      subject: 'components/payments',
      before: { status: 'operational' },
      after: { status: 'major_outage', since: '2026-11-20T09:00:00.000Z', known_at: '2026-11-20T09:10:00.000Z' },
    },
  ]);
});

function hour(hours: number): Date {
  return new Date(Date.UTC(2026, 10, 20, 0, hours * 60));
}
