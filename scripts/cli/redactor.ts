import type { StatusConfig } from '../../lib/schema/config.ts';

/** Takes out of what an operator typed what must not be public, and says so. */
export interface Redactor {
  /** Markdown; `what` names it in the message, such as `message`. */
  readonly markdown: (what: string, text: string) => string;
  /** One line of plain text. */
  readonly line: (what: string, text: string) => string;
}

/** The redactor of a page: its own additions, and the names that the environment holds. */
export function redactorFor(
  _config: StatusConfig | undefined,
  _env: Readonly<Record<string, string | undefined>>,
): Redactor {
  return { markdown: (_what, text) => text, line: (_what, text) => text };
}
