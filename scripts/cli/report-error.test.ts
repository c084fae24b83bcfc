import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { Failure } from '../../lib/adapters/failure.ts';
import { ProblemsFound, UsageError } from './errors.ts';
import { exitCodeOf, reportError } from './report-error.ts';

const quiet = { debug: false, colour: false };

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It went well.');
}

const problem = {
  file: 'status.config.yml',
  line: 2,
  column: 6,
  rule: 'wrong-value',
  severity: 'error',
  message: '`url` is no address.',
  fix: 'Write https://status.example.com.',
} as const;

const missingPackage = Object.assign(new Error("Cannot find package 'astro' imported from site-compiler.ts"), {
  code: 'ERR_MODULE_NOT_FOUND',
});

test.each([
  [
    'a package that a light install left out',
    missingPackage,
    3,
    'error: The package astro is not installed.\n  Run npm ci in the folder of Candor. An install for the scheduled jobs (--omit=peer) cannot make or show pages.\n',
  ],
  ['wrong use', new UsageError('There is no file x.', 'Name one.'), 2, 'error: There is no file x.\n  Name one.\n'],
  [
    'a failure of the world',
    new Failure('The port is taken.', { fix: 'Choose another.\nOr wait.' }),
    3,
    'error: The port is taken.\n  Choose another.\n  Or wait.\n',
  ],
  [
    'a refusal of the system',
    thrownBy(() => readFileSync('/nowhere/x')),
    3,
    "error: ENOENT: no such file or directory, open '/nowhere/x'\n  Look at the path and its permissions, then try again.\n",
  ],
  [
    'a bug',
    new TypeError('x is not a function'),
    70,
    'error: Something that should not happen: x is not a function\n  This is a bug in Candor. Please report it with what you did and the output of the same command with --debug.\n',
  ],
  [
    'problems',
    new ProblemsFound('Nothing was written:', [problem]),
    1,
    'Nothing was written:\n\nstatus.config.yml\n  2:6  error    `url` is no address. wrong-value\n                → Write https://status.example.com.\n\n1 error in 1 file.\n',
  ],
  ['what commander has said already', new CommanderError(1, 'commander.unknownOption', 'error: …'), 2, ''],
  ['help, which is no error', new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), 0, ''],
])('%s', (_what, error, code, text) => {
  expect({ code: exitCodeOf(error), text: reportError(error, quiet) }).toEqual({ code, text });
});

test('the stack and its causes are shown on request', () => {
  const error = new Failure('No answer.', { fix: 'Wait.', cause: new Error('socket closed') });
  const text = reportError(error, { ...quiet, debug: true });
  expect(text).toContain('\n    at ');
  expect(text).toContain('\nCaused by: Error: socket closed\n');
});

test('colour is for terminals alone', () => {
  const error = new UsageError('No.', 'Yes.');
  expect(reportError(error, { ...quiet, colour: true })).not.toBe(reportError(error, quiet));
});
