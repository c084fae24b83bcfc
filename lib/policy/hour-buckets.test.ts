import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UptimeRecord } from '../schema/state.ts';
import { hoursOf, hoursWithin, noSeconds, recordOf, type SecondsByStatus, withHoursFrom } from './hour-buckets.ts';

const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const few = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 720 }));
const seconds: fc.Arbitrary<SecondsByStatus> = fc.record({
  operational: few,
  degraded_performance: few,
  partial_outage: few,
  major_outage: few,
  under_maintenance: few,
});
const hours = fc
  .array(fc.tuple(fc.integer({ min: 100, max: 130 }), seconds), { maxLength: 12 })
  .map((entries) => new Map(entries.filter(([, of]) => Object.values(of).some((number) => number > 0))));
const hour = fc.integer({ min: 95, max: 135 });

const inOrder = (of: ReadonlyMap<number, SecondsByStatus>) => [...of].toSorted(([a], [b]) => a - b);
const within = (of: ReadonlyMap<number, SecondsByStatus>, from: number, until: number) =>
  new Map([...of].filter(([at]) => at >= from && at < until));

test('a record holds the hours that it was made of', () => {
  fc.assert(
    fc.property(hours, (of) => {
      const record = recordOf('shop', of);
      expect(record === undefined).toBe(of.size === 0);
      if (record === undefined) return;
      expect([...hoursOf(record, ...all)]).toEqual(inOrder(of));
      UptimeRecord.parse(record);
    }),
  );
});

test('what comes after 90 days of silence waits until what is before is forgotten', () => {
  const up = { ...noSeconds, operational: 60 };
  const [hour, later] = [500_000, 500_000 + 90 * 24 + 1];
  const before = recordOf('shop', new Map([[hour, up]]));
  expect(
    recordOf(
      'shop',
      new Map([
        [later, up],
        [hour, up],
      ]),
    ),
  ).toEqual(before);
  expect(withHoursFrom('shop', before, hour + 1, new Map([[later, up]]))).toEqual(before);
  expect(
    recordOf(
      'shop',
      new Map([
        [later - 1, up],
        [hour, up],
      ]),
    )?.hours.operational,
  ).toHaveLength(90 * 24 + 1);
  expect(withHoursFrom('shop', before, hour + 1, new Map([[later - 1, up]]))?.hours.operational).toHaveLength(
    90 * 24 + 1,
  );
});

test('a part of a record is the record of that part', () => {
  fc.assert(
    fc.property(hours, hour, hour, (of, from, until) => {
      const record = recordOf('shop', of);
      if (record === undefined) return;
      expect(hoursWithin(record, from, until)).toEqual(recordOf('shop', within(of, from, until)));
      expect([...hoursOf(record, from, until)]).toEqual(inOrder(within(of, from, until)));
    }),
  );
});

test('new hours from one on take the place of all that were there', () => {
  fc.assert(
    fc.property(hours, hours, hour, (older, newer, from) => {
      const added = within(newer, from, Number.POSITIVE_INFINITY);
      const expected = new Map([...within(older, Number.NEGATIVE_INFINITY, from), ...added]);
      expect(withHoursFrom('shop', recordOf('shop', older), from, added)).toEqual(recordOf('shop', expected));
    }),
  );
});

test('a record is as short as it can be: no empty hour at its ends, zero in between', () => {
  const of = { ...noSeconds, operational: 60 };
  expect(
    recordOf(
      'shop',
      new Map([
        [7, of],
        [5, of],
        [3, noSeconds],
        [9, noSeconds],
      ]),
    ),
  ).toEqual({
    component: 'shop',
    first_hour: 5,
    hours: {
      operational: [60, 0, 60],
      degraded_performance: {},
      partial_outage: {},
      major_outage: {},
      under_maintenance: {},
    },
  });
});
