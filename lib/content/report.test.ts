import { expect, test } from 'vitest';
import type { Problem } from '../schema/problem.ts';
import { githubReport, jsonReport, textReport } from './report.ts';

const error: Problem = {
  file: 'incidents/2026-11-20-card-payments.md',
  line: 15,
  column: 4,
  rule: 'update-heading',
  severity: 'error',
  message: 'The heading is empty.',
  fix: 'Write a state and an instant.',
};
const warning: Problem = {
  ...error,
  line: 7,
  column: 1,
  rule: 'update-overdue',
  severity: 'warning',
  message: 'It is late.',
};

test('people read problems by file, with a summary', () => {
  const other = { ...error, file: 'components/payments.yml', line: 1, column: 1 };
  expect(textReport([other, warning, error], 1204)).toBe(`components/payments.yml
  1:1  error    The heading is empty. update-heading
                → Write a state and an instant.

incidents/2026-11-20-card-payments.md
  7:1   warning  It is late. update-overdue
                 → Write a state and an instant.
  15:4  error    The heading is empty. update-heading
                 → Write a state and an instant.

2 errors and 1 warning in 1,204 files.
`);
});

test('no problem is worth a line too', () => {
  expect(textReport([], 1)).toBe('No problem in 1 file.\n');
});

test('no text can steer the terminal or hide', () => {
  const report = textReport([{ ...error, file: 'a\u001B[2J', message: 'b\u202Ec\u200Bd\ne' }], 1);
  expect(report).toContain('a<U+001B>[2J\n');
  expect(report).toContain('b<U+202E>c<U+200B>d<U+000A>e');
});

test('colours are for what is grave', () => {
  const paint = {
    file: (t: string) => `<b>${t}</b>`,
    error: (t: string) => `<e>${t}</e>`,
    warning: (t: string) => t,
    faint: (t: string) => t,
  };
  expect(textReport([error], 1, paint)).toBe(`<b>incidents/2026-11-20-card-payments.md</b>
  15:4  <e>error  </e>  The heading is empty. update-heading
                 → Write a state and an instant.

<e>1 error</e> in 1 file.
`);
});

test('programs read an array', () => {
  expect(JSON.parse(jsonReport([error, warning]))).toEqual([error, warning]);
  expect(jsonReport([])).toBe('[]\n');
});

test('GitHub shows problems beside the lines of the repository', () => {
  expect(githubReport([error, warning], 'status/page')).toBe(
    '::error file=status/page/incidents/2026-11-20-card-payments.md,line=15,col=4,title=update-heading::The heading is empty. Write a state and an instant.\n' +
      '::warning file=status/page/incidents/2026-11-20-card-payments.md,line=7,col=1,title=update-overdue::It is late. Write a state and an instant.\n',
  );
});

test('no text ends an annotation or begins another', () => {
  const hostile = { ...error, file: 'a,line=1::b:c%.md', message: '100%\r\n::error::x', fix: '' };
  expect(githubReport([hostile], '')).toBe(
    '::error file=a%2Cline=1%3A%3Ab%3Ac%25.md,line=15,col=4,title=update-heading::100%25%0D%0A::error::x \n',
  );
});
