/**
 * The world refused (exit code 3): what was tried, on what, and what to do next.
 * Thrown with the underlying error as `cause`; nothing changes status because of it.
 */
export class Failure extends Error {
  readonly fix: string;
  constructor(message: string, options: { fix: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.fix = options.fix;
  }
}
