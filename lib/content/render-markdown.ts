import type { RedactionRules } from '../policy/redaction.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { plainText } from './plain-text.ts';
import { quickTree } from './quick-tree.ts';
import { readableTree } from './readable-tree.ts';
import { type Finding, findInMarkdown } from './redact-markdown.ts';
import { redactTree } from './redact-tree.ts';
import { safeHtml } from './safe-html.ts';

/** An update as the public may read it, and where its Markdown held what was redacted. */
export interface Rendered {
  /** The policy's tags alone. */
  readonly html: string;
  /** The same for mail and feeds. */
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Markdown as safe HTML and as plain text: what a reader would read, redacted, in the policy's tags. Linear in its length. */
export function renderMarkdown(source: string, rules: RedactionRules): Rendered {
  const tree = quickTree(source) ?? readableTree(parseMarkdown(source));
  const redacted = redactTree(tree, rules);
  const findings = redacted.length > 0 ? placed(redacted, findInMarkdown(source, rules)) : [];
  return { html: safeHtml(tree), text: plainText(tree), findings };
}

/** The readable tree knows no places; the source does, unless only its reading brought the find to light. */
function placed(redacted: readonly Finding[], written: readonly Finding[]): readonly Finding[] {
  return written.length > 0 ? written : redacted;
}
