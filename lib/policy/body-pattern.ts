import { RE2JS, RE2JSException } from 're2js';

/** A pattern ready for use. */
export interface BodyPattern {
  /** Whether the text holds a match, in time linear in its length. */
  readonly matches: (text: string) => boolean;
}

/** Why a pattern cannot be used: it is none, it compiles into too much, or it finds itself in every text. */
export type BodyPatternFault = 'syntax' | 'too-large' | 'always';

/** The longest pattern, in characters, and the largest program that one may compile into, in instructions. */
export const maxPatternLength = 500;
const maxInstructions = 200;

/**
 * Compile `expect.body_matches`, RE2 syntax. The size of the program bounds the time for each character of a text, so
 * that no pattern and no answer of a service keeps a run from going on.
 */
export function compileBodyPattern(source: string): BodyPattern | BodyPatternFault {
  if (source.length > maxPatternLength) return 'too-large';
  const compiled = compile(source);
  if (compiled === undefined) return 'syntax';
  if (compiled.programSize() > maxInstructions) return 'too-large';
  if (['', '\u{10FFFF}'].every((text) => compiled.test(text))) return 'always';
  return { matches: (text) => compiled.test(text) };
}

function compile(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
