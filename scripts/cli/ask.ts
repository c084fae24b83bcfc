import type { CANCEL_SYMBOL } from '@clack/prompts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';

/** One of several answers; `hint` stands beside it. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** A question that a line of text answers; `check` says what is wrong with an answer. */
export interface Question {
  readonly message: string;
  readonly placeholder?: string;
  readonly initial?: string;
  readonly check?: (answer: string) => string | undefined;
}

/** Somebody who answers questions. Giving up ends the command before anything is written. */
export interface Ask {
  readonly text: (question: Question) => Promise<string>;
  /** Several lines; an empty line ends them. */
  readonly lines: (question: Question) => Promise<string>;
  readonly choose: <T extends string>(message: string, choices: readonly Choice<T>[], initial?: T) => Promise<T>;
  readonly chooseSome: <T extends string>(message: string, choices: readonly Choice<T>[]) => Promise<T[]>;
  readonly confirm: (message: string, initial: boolean) => Promise<boolean>;
}

/** The person at the terminal, or `undefined` where there is none or `--yes` says not to ask. */
export function askerOf(context: Context, options: { readonly yes?: true | undefined }): Ask | undefined {
  return context.interactive && options.yes !== true ? terminal : undefined;
}

/**
 * The asker for what `flags` leave open: all of them must have a value where nobody can be asked.
 * The error names every missing one at once.
 */
export function askerFor(ask: Ask | undefined, flags: Readonly<Record<string, unknown>>): Ask {
  const missing = Object.keys(flags).filter((flag) => flags[flag] === undefined);
  if (ask === undefined && missing.length > 0) {
    throw new UsageError(
      `${listOf(missing)} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      'Add what is missing, or leave out --yes at a terminal to be asked for it.',
    );
  }
  return ask ?? nobody;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const nobody: Ask = {
  text: refuse,
  lines: refuse,
  choose: refuse,
  chooseSome: async () => [],
  confirm: async (_message, initial) => initial,
};

async function refuse(): Promise<never> {
  throw new Error('A question was asked where nobody can answer it.');
}

const terminal: Ask = {
  text: async ({ message, placeholder = '', initial = '', check }) => {
    const { text } = await import('@clack/prompts');
    return answered(await text({ message, placeholder, initialValue: initial, validate: validator(check) }));
  },
  lines: async ({ message, placeholder = '', initial = '', check }) => {
    const { multiline } = await import('@clack/prompts');
    const whole = `${message} (an empty line ends it)`;
    return answered(
      await multiline({ message: whole, placeholder, initialValue: initial, validate: validator(check) }),
    );
  },
  choose: async <T extends string>(message: string, choices: readonly Choice<T>[], initial?: T) => {
    const { select } = await import('@clack/prompts');
    const answer = await select<string>({
      message,
      options: [...choices],
      ...(initial === undefined ? {} : { initialValue: initial }),
    });
    return chosen(choices, answered(answer));
  },
  chooseSome: async <T extends string>(message: string, choices: readonly Choice<T>[]) => {
    const { multiselect } = await import('@clack/prompts');
    const answer = answered(await multiselect<string>({ message, options: [...choices], required: false }));
    return answer.map((value) => chosen(choices, value));
  },
  confirm: async (message, initial) => {
    const { confirm } = await import('@clack/prompts');
    return answered(await confirm({ message, initialValue: initial }));
  },
};

function validator(check: Question['check']): (answer: string | undefined) => string | undefined {
  return (answer = '') => check?.(answer);
}

function chosen<T extends string>(choices: readonly Choice<T>[], value: string): T {
  const choice = choices.find((candidate) => candidate.value === value);
  if (choice === undefined) throw new Error(`${value} is no choice.`);
  return choice.value;
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (typeof answer === 'symbol') throw new UsageError('Cancelled.', 'Nothing was written.');
  return answer;
}
