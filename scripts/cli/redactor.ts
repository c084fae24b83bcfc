import { redactMarkdown } from '../../lib/content/redact-markdown.ts';
import { redactText } from '../../lib/policy/redaction.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { Context } from './context.ts';
import { kindNames, rulesFor } from './redaction-rules.ts';

/** Takes out of what an operator typed what must not be public, and tells the operator the kind and the place. */
export interface Redactor {
  /** Markdown; `what` names it to the operator, such as `message`. */
  readonly markdown: (what: string, text: string) => string;
  /** One line of plain text. */
  readonly line: (what: string, text: string) => string;
}

/** The redactor of a page: its own additions, and the names that the environment holds. */
export function redactorFor(config: StatusConfig | undefined, env: Context['env']): Redactor {
  const rules = rulesFor(config, env);
  return {
    markdown: (what, source) => {
      const { text, findings } = redactMarkdown(source, rules);
      for (const { kind, line } of findings) tell(`${what}, line ${line}: ${kindNames[kind]} was redacted.`);
      return text;
    },
    line: (what, source) => {
      const { text, findings } = redactText(source.trim(), rules);
      for (const { kind } of findings) tell(`${what}: ${kindNames[kind]} was redacted.`);
      return text;
    },
  };
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
