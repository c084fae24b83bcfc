import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { FailReason, UnmeasuredReason } from './sample.ts';
import { ProbeRecord, RawResult, UptimeRecord } from './state.ts';

const health = { verdict: 'unknown', consecutive_failures: 0, consecutive_passes: 0 };

function recordWith(results: unknown) {
  return { probe: 'shop', component: 'shop', on_failure: 'major_outage', base: health, health, results };
}

const cell = fc.oneof(
  fc.constantFrom('p', 'f', 'u', 'm', 'x', 'constructor', ...FailReason.options, ...UnmeasuredReason.options),
  fc.constantFrom(null, -1, 0, 1.5, 8_640_000_000_000_000, 8_640_000_000_000_001, Number.NaN, [], {}),
  fc.nat(),
);
const row = fc.oneof(
  fc.tuple(fc.nat(), fc.constantFrom('p', 'f', 'u'), cell),
  fc.tuple(cell, fc.constantFrom('p', 'f', 'u'), cell, fc.constantFrom('m', 'n', null)),
  fc.array(cell, { maxLength: 5 }),
  cell,
);

test('raw results are checked quickly, and as their schema says', () => {
  const check = fc.property(fc.array(row, { maxLength: 4 }), (results) => {
    const said = z.array(RawResult).safeParse(results).success;
    expect(ProbeRecord.safeParse(recordWith(results)).success).toBe(said);
  });
  fc.assert(check, { numRuns: 2000 });
});

test('what is wrong with a raw result is told with its place', () => {
  const found = ProbeRecord.safeParse(
    recordWith([
      [1, 'p', 2],
      [2, 'q', 'timeout'],
    ]),
  ).error?.issues;
  expect(found?.map(({ path, message }) => [path.join('.'), message])).toEqual([['results.1', 'Invalid input']]);
  const missing = ProbeRecord.safeParse(recordWith(undefined)).error?.issues;
  expect(missing?.map(({ path }) => path.join('.'))).toEqual(['results']);
});

test('seconds of an hour are checked quickly, and as their schema says', () => {
  const none = { degraded_performance: {}, partial_outage: {}, major_outage: {}, under_maintenance: {} };
  const issues = (operational: unknown) =>
    UptimeRecord.safeParse({ component: 'shop', first_hour: 1, hours: { operational, ...none } }).error?.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
  expect(issues([0, 3600])).toBeUndefined();
  expect(issues([0, 3601])).toEqual(['hours.operational.1: Too big: expected number to be <=3600']);
  expect(issues([0.5])).toEqual(['hours.operational.0: Invalid input: expected int, received number']);
  expect(issues('3600')).toEqual(['hours.operational: Invalid input: expected array, received string']);
});
