import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const states = ['investigating', 'identified', 'monitoring', 'resolved'];

test.each([
  ['resolvd', 'resolved'],
  ['Identified', 'identified'],
  ['mointoring', 'monitoring'],
  ['investigation', 'investigating'],
])('%s is meant to be %s', (text, word) => {
  expect(nearest(text, states)).toBe(word);
});

test.each(['x', 'background', '', 'r'.repeat(100_000)])('%.20s is meant to be none of them', (text) => {
  expect(nearest(text, states)).toBeUndefined();
});

test('swapped letters are one slip, and hyphens are as good as underscores', () => {
  expect(nearest('nmae', ['name', 'group'])).toBe('name');
  expect(nearest('partial-outage', ['partial_outage', 'major_outage'])).toBe('partial_outage');
});
