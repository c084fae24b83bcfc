import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { InstantText } from '../../lib/schema/instant.ts';
import { type CommonOption, commonOption } from './common-options.ts';
import { UsageError } from './errors.ts';

const Format = z.enum(['text', 'json', 'github']);

/** What a command may know of the machine: everything impure comes from here. */
export interface Context {
  /** Absolute folder of the content. */
  readonly root: string;
  /** The folder that the operator means, where a command works in another one. */
  readonly typedRoot?: string;
  /** Absolute folder of the state, or the address of a bucket. */
  readonly state: string;
  /** The instant to judge by: the clock, or `--now`. Call it once per decision; a fixed `--now` always returns the same. */
  readonly now: () => Date;
  /** Whether `--now` names another instant than the clock's. */
  readonly isRehearsal: boolean;
  readonly format: z.infer<typeof Format>;
  readonly debug: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person sits at the terminal: colours, progress bars and questions. */
  readonly interactive: boolean;
}

/** The context from the common options of `command` and its parents. */
export function contextOf(command: Command): Context {
  const given = (name: CommonOption) => {
    const value = commonOption(command, name);
    return value === undefined ? undefined : String(value);
  };
  const root = resolve(given('root') ?? '.');
  const now = parseNow(given('now'));
  const state = given('state');
  return {
    root,
    state: state === undefined ? resolve(root, '.state') : stateAddress(state),
    now: () => now ?? new Date(),
    isRehearsal: now !== undefined,
    format: Format.parse(given('format') ?? 'text'),
    debug: commonOption(command, 'debug') === true,
    env: process.env,
    interactive: process.stdout.isTTY === true && process.stdin.isTTY === true && process.env['CI'] === undefined,
  };
}

function stateAddress(value: string): string {
  return value.startsWith('gs:') ? value : resolve(value);
}

function parseNow(value: string | undefined): Date | undefined {
  if (value === undefined) return undefined;
  if (!InstantText.safeParse(value).success) {
    throw new UsageError(`--now ${JSON.stringify(value)} is not an instant.`, 'Write it as 2026-11-20T10:05:00Z.');
  }
  return new Date(value);
}
