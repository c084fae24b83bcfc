import type { Problem } from '../../lib/schema/problem.ts';

/** The command was used wrongly (exit code 2): what is wrong, and what to write instead. */
export class UsageError extends Error {
  readonly fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.name = 'UsageError';
    this.fix = fix;
  }
}

/** Content has problems (exit code 1): what they prevent, and each with its place and its fix. */
export class ProblemsFound extends Error {
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.name = 'ProblemsFound';
    this.problems = problems;
  }
}
