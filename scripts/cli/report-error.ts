import { CommanderError } from 'commander';
import pc from 'picocolors';
import { Failure } from '../../lib/adapters/failure.ts';
import { ProblemsFound, UsageError } from './errors.ts';
import { problemsText } from './report-problems.ts';

const exitCodes = { fine: 0, problems: 1, misuse: 2, refused: 3, bug: 70 } as const;

/** What a person reads when a command ends with `error`: what happened, and what to do next; the stack only on request. */
export function reportError(error: unknown, how: { readonly debug: boolean; readonly colour: boolean }): string {
  if (error instanceof CommanderError) return '';
  if (error instanceof ProblemsFound) return `${error.message}\n\n${problemsText(error.problems, how)}`;
  const { message, fix } = explain(error);
  const paint = pc.createColors(how.colour);
  const lines = [`${paint.red('error:')} ${message}`, ...fix.split('\n').map((line) => `  ${line}`)];
  if (how.debug) lines.push(stackOf(error));
  return `${lines.join('\n')}\n`;
}

/** The exit code that belongs to `error`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.misuse;
  if (error instanceof ProblemsFound) return exitCodes.problems;
  if (error instanceof UsageError) return exitCodes.misuse;
  if (error instanceof Failure || isSystemError(error) || missingPackage(error) !== undefined) return exitCodes.refused;
  return exitCodes.bug;
}

/** What happened, and what to do next. */
export function explain(error: unknown): { message: string; fix: string } {
  if (error instanceof UsageError || error instanceof Failure) return { message: error.message, fix: error.fix };
  const missing = missingPackage(error);
  if (missing !== undefined) return { message: `The package ${missing} is not installed.`, fix: incompleteInstall };
  const message = error instanceof Error ? error.message : String(error);
  if (isSystemError(error)) return { message, fix: 'Look at the path and its permissions, then try again.' };
  return {
    message: `Something that should not happen: ${message}`,
    fix: 'This is a bug in Candor. Please report it with what you did and the output of the same command with --debug.',
  };
}

const incompleteInstall =
  'Run npm ci in the folder of Candor. An install for the scheduled jobs (--omit=peer) cannot make or show pages.';

/** The package that an install without optional packages left out. */
function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  return /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause) || String(error.cause)}`;
  return `${error.stack ?? ''}${cause}`;
}
