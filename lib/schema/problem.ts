import { z } from 'zod';

/**
 * One thing that is wrong in a file that a person wrote: where, which rule, what, and what to do about it.
 * `file` is relative to the content root with forward slashes; `line` and `column` count from 1.
 */
export const Problem = z.strictObject({
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  fix: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** A place in a text: line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
