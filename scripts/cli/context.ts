import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InstantText } from '../../lib/schema/instant.ts';
import { UsageError } from './errors.ts';

/** What a command may know of the machine: everything impure comes from here. */
export interface Context {
  /** Absolute folder of the content. */
  readonly root: string;
  /** Absolute folder of the state, or the address of a bucket. */
  readonly state: string;
  /** The instant to judge by: the clock, or `--now`. Call it once per decision; a fixed `--now` always returns the same. */
  readonly now: () => Date;
  readonly format: 'text' | 'json' | 'github';
  readonly debug: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person sits at the terminal: colours, progress bars and questions. */
  readonly interactive: boolean;
}

/** The context from the common options of `command` and its parents. */
export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals();
  const root = resolve(String(options['root'] ?? '.'));
  const now = options['now'] === undefined ? undefined : parseNow(String(options['now']));
  const state = options['state'] === undefined ? resolve(root, '.state') : stateAddress(String(options['state']));
  return {
    root,
    state,
    now: () => now ?? new Date(),
    format: options['format'] ?? 'text',
    debug: options['debug'] === true,
    env: process.env,
    interactive: process.stdout.isTTY === true && process.stdin.isTTY === true && process.env['CI'] === undefined,
  };
}

function stateAddress(value: string): string {
  return value.startsWith('gs://') ? value : resolve(value);
}

function parseNow(value: string): Date {
  if (!InstantText.safeParse(value).success) {
    throw new UsageError(`--now ${JSON.stringify(value)} is not an instant.`, 'Write it as 2026-11-20T10:05:00Z.');
  }
  return new Date(value);
}
