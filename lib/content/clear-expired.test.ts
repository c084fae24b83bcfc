import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clearExpired } from './clear-expired.ts';

const path = 'components/payments.yml';
const fields = `  status: under_maintenance
  reason: Upgrade of the card terminals
  set_at: 2026-11-20T08:00:00Z
  expires_at: 2026-11-20T09:00:00Z
`;
const expired = new Date('2026-11-20T09:00:00Z');

test('until its last instant an override stays', () => {
  expect(clearExpired(path, `name: Payments\noverride:\n${fields}`, new Date('2026-11-20T08:59:59.999Z'))).toEqual({
    text: undefined,
    problems: [],
  });
});

test.each([
  ['no override', 'name: Payments\n'],
  ['a file that is wrong', `nmae: Payments\noverride:\n${fields}`],
  ['no YAML', 'name: "Payments\n'],
])('%s: nothing to take out', (_what, text) => {
  expect(clearExpired(path, text, expired)).toEqual({ text: undefined, problems: [] });
});

describe('the override goes with what stands in it, and nothing else does', () => {
  const oneLine = fields.trim().replaceAll(/\n {2}/g, ', ');
  test.each<[string, string, string]>([
    ['at the end', `name: Payments\noverride:\n${fields}`, 'name: Payments\n'],
    ['at the end without a line feed', `name: Payments\noverride:\n${fields.trimEnd()}`, 'name: Payments\n'],
    ['at the beginning', `override:\n${fields}name: Payments\n`, 'name: Payments\n'],
    [
      'comments and blank lines around it',
      `# one\nname: Payments  # two\n\n# three\noverride:  # four\n  # five\n${fields}\n# six\norder:   3\n`,
      '# one\nname: Payments  # two\n\n# three\n\n# six\norder:   3\n',
    ],
    [
      'a comment in it at the very left',
      `name: Payments\noverride:\n  status: under_maintenance\n# left\n${fields.split('\n').slice(1).join('\n')}order: 3\n`,
      'name: Payments\norder: 3\n',
    ],
    ['on one line', `name: Payments\noverride: {${oneLine}}  # why\norder: 3\n`, 'name: Payments\norder: 3\n'],
    ['in quotes', `name: Payments\n"override":\n${fields}order: 3\n`, 'name: Payments\norder: 3\n'],
    [
      'a reason of several lines',
      `name: Payments\noverride:\n${fields.replace('Upgrade of the card terminals', '>-\n    Upgrade of\n\n    the card terminals')}order: 3\n`,
      'name: Payments\norder: 3\n',
    ],
  ])('%s', (_where, text, cleared) => {
    expect(clearExpired(path, text, expired)).toEqual({ text: cleared, problems: [] });
  });

  test('whatever comments and keys there are', () => {
    const Line = fc.constantFrom(
      '# a comment',
      '',
      'order: 7',
      'group: "Selling: online"',
      'description: >-\n  Two\n\n  lines',
    );
    const Around = fc.uniqueArray(Line, { maxLength: 5 });
    fc.assert(
      fc.property(Around, fc.nat(), (others, place) => {
        const lines = ['name: Payments   # as it is', ...others];
        const before = lines.slice(0, 1 + (place % lines.length)).join('\n');
        const after = lines
          .slice(1 + (place % lines.length))
          .map((line) => `${line}\n`)
          .join('');
        const { text } = clearExpired(path, `${before}\noverride:\n${fields}${after}`, expired);
        expect(text).toBe(`${before}\n${after}`);
      }),
    );
  });
});

test('where it cannot be cut out alone, a person is told', () => {
  const text = `{name: Payments, override: {${fields.trim().replaceAll(/\n {2}/g, ', ')}}}\n`;
  expect(clearExpired(path, text, expired)).toEqual({
    text: undefined,
    problems: [
      {
        file: path,
        line: 1,
        column: 18,
        rule: 'override-expired',
        severity: 'warning',
        message: 'The override has expired and cannot be taken out without touching what stands around it.',
        fix: 'Delete the key `override` by hand.',
      },
    ],
  });
});
