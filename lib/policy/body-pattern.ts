import { RE2JS } from 're2js';

/** A pattern ready for use. */
export interface BodyPattern {
  /** Whether the text holds a match, in time linear in its length. */
  readonly matches: (text: string) => boolean;
}

/** Compile `expect.body_matches`; `undefined` where the pattern is none of RE2 or compiles into too much. */
export function compileBodyPattern(source: string): BodyPattern | undefined {
  const compiled = RE2JS.compile(source);
  return { matches: (text) => compiled.matcher(text).find() };
}
