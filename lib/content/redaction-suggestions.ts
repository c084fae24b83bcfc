import { type RedactionKind, type RedactionRules, redactText } from '../policy/redaction.ts';
import type { SourceFile } from './content.ts';
import { redactFile } from './redact-file.ts';
import { readSourceText } from './source-text.ts';

/** What must not be published in one file: kinds and lines, and the lines as they may stand, which hold nothing of it. */
export interface RedactionSuggestion {
  readonly file: string;
  readonly found: readonly { readonly line: number; readonly kind: RedactionKind }[];
  /** By line of the file as it is; empty where the lines do not stay the same ones, and the command has to do it. */
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

/** The replacement for each file in which something has to be redacted. */
export function redactionSuggestions(files: readonly SourceFile[], rules: RedactionRules): RedactionSuggestion[] {
  return files.flatMap((source) => {
    const { text } = readSourceText(source);
    if (text === undefined) return [];
    const redacted = redactFile(source.path, text, rules);
    if (redacted.findings.length === 0) return [];
    const found = redacted.findings.map(({ line, kind }) => ({ line, kind }));
    return [{ file: source.path, found, lines: changedLines(text.split('\n'), redacted.text.split('\n'), rules) }];
  });
}

/** A line in which something is left that no reader of the page sees, such as a comment, is not shown. */
function changedLines(
  before: readonly string[],
  after: readonly string[],
  rules: RedactionRules,
): RedactionSuggestion['lines'] {
  if (before.length !== after.length) return [];
  return after
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }, index) => text !== before[index] && redactText(text, rules).findings.length === 0);
}
