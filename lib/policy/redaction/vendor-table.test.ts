import { describe, expect, test } from 'vitest';
import { compileRedactionRules, findSensitive } from '../redaction.ts';
import { vendorRegExp } from './vendor-id.ts';
import { vendorPatterns } from './vendor-table.ts';

const rules = compileRedactionRules({ names: [], hosts: [], patterns: [] });

describe.each(vendorPatterns)('$vendor: $what', ({ pattern, hint, matches, others }) => {
  test('has examples on both sides', () => {
    expect(matches.length).toBeGreaterThan(0);
    expect(others.length).toBeGreaterThan(0);
  });

  test.each(matches)('%s goes whole', (id) => {
    expect(new RegExp(hint).test(id)).toBe(true);
    expect(`see ${id}, please`.match(vendorRegExp(pattern))?.[0]).toBe(id);
    expect(findSensitive(id, rules)).toEqual([{ start: 0, end: id.length, kind: expect.any(String) }]);
  });

  test.each(others)('%s stays', (word) => {
    expect(`see ${word} please`.match(vendorRegExp(pattern))).toBeNull();
  });
});
