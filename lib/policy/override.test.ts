import { expect, test } from 'vitest';
import { OverrideFields } from '../schema/component.ts';
import { component, override } from '../testing/builders.ts';
import { minOverrideReasonLength } from './constants.ts';
import { isActive, overrideProblems } from './override.ts';

const hour = override({ setAt: '2026-11-20T08:00:00Z', expiresAt: '2026-11-20T09:00:00Z' });

test.each([
  ['before it begins', '2026-11-20T07:59:59Z', false],
  ['when it begins', '2026-11-20T08:00:00Z', true],
  ['just before it expires', '2026-11-20T08:59:59Z', true],
  ['when it expires', '2026-11-20T09:00:00Z', false],
])('an override %s', (_when, now, active) => {
  expect(isActive(hour, new Date(now))).toBe(active);
});

function rulesFor(fields: Parameters<typeof override>[0], now = '2026-11-20T08:30:00Z'): string[] {
  return overrideProblems(component({ override: override(fields) }), new Date(now)).map(({ rule }) => rule);
}

test('an override lasts 24 hours at most', () => {
  expect(rulesFor({ expiresAt: '2026-11-21T08:00:00Z' })).toEqual([]);
  expect(rulesFor({ expiresAt: '2026-11-21T08:00:01Z' })).toEqual(['override-too-long']);
});

test('an override ends after it begins', () => {
  expect(rulesFor({ expiresAt: '2026-11-20T08:00:00Z' })).toEqual(['override-order']);
});

test('an override that has expired is worth a warning, not an error', () => {
  const problems = overrideProblems(component({ override: hour }), new Date('2026-11-20T09:00:00Z'));
  expect(problems).toEqual([
    {
      file: 'components/payments.yml',
      line: 1,
      column: 1,
      rule: 'override-expired',
      severity: 'warning',
      message: 'The override expired at 2026-11-20T09:00:00Z; the page no longer shows it.',
      fix: 'Run `candor override clear payments`.',
    },
  ]);
});

test('a component without an override has no problem of one', () => {
  expect(overrideProblems(component(), new Date('2026-11-20T09:00:00Z'))).toEqual([]);
});

test.each([
  ['long enough', 'x'.repeat(minOverrideReasonLength), true],
  ['too short', 'x'.repeat(minOverrideReasonLength - 1), false],
  ['too short but for spaces', ` ${'x'.repeat(minOverrideReasonLength - 1)} `, false],
])('a reason that is %s', (_what, reason, expected) => {
  const fields = { status: 'operational', set_at: '2026-11-20T08:00:00Z', expires_at: '2026-11-20T09:00:00Z' };
  expect(OverrideFields.safeParse({ ...fields, reason }).success).toBe(expected);
});
