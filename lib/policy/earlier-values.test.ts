import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asOf, changedAt, mergedInTime, type ValueInTime, valueAt } from './earlier-values.ts';

const always: ValueInTime<number> = { earlier: undefined, value: 300 };

test('a value is what it was before each change, and from the change on the new one', () => {
  const twice = changedAt(changedAt(always, 60, 100), 30, 200);
  expect([0, 99, 100, 199, 200].map((at) => valueAt(twice, at))).toEqual([300, 300, 60, 60, 30]);
});

test('what stays the same is no change', () => {
  expect(changedAt(always, 300, 100)).toBe(always);
});

test('as of an instant, what changed later did not', () => {
  const twice = changedAt(changedAt(always, 60, 100), 30, 200);
  expect(asOf(twice, 150)).toEqual(changedAt(always, 60, 100));
  expect(asOf(twice, 99)).toEqual(always);
});

test('two accounts as one say at each instant what is chosen of both', () => {
  const account = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 2, 3)), { maxLength: 5 })
    .map((steps) => {
      let at = 0;
      return steps.reduce<ValueInTime<number>>(
        (before, [pause, value]) => {
          at += pause;
          return changedAt(before, value, at);
        },
        { earlier: undefined, value: 2 },
      );
    });
  const check = fc.property(account, account, (a, b) => {
    const merged = mergedInTime(a, b, Math.max);
    for (let at = 0; at < 50; at++) expect(valueAt(merged, at)).toBe(Math.max(valueAt(a, at), valueAt(b, at)));
    expect(mergedInTime(b, a, Math.max)).toEqual(merged);
    expect(mergedInTime(merged, a, Math.max)).toEqual(merged);
    expect(mergedInTime(a, a, Math.max)).toEqual(a);
  });
  fc.assert(check);
});
