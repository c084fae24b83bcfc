import { type Document, isScalar, parseDocument, type Scalar } from 'yaml';
import { redactionMarker } from '../../policy/constants.ts';
import { findSensitive, type RedactionRules, redactText } from '../../policy/redaction.ts';
import type { Finding } from '../redact-markdown.ts';
import { positionAt } from '../source-text.ts';

/** Redact the texts at `fields` of a YAML document; comments, quotes and layout stay as far as they can. */
export function redactYaml(
  yaml: string,
  fields: readonly (readonly string[])[],
  rules: RedactionRules,
): { text: string; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  if (fields.length === 0 || isClean(yaml, rules)) return { text: yaml, findings };
  const document = parse(yaml);
  const scalars = fields.map((path) => ({ path, node: document?.getIn(path, true) }));
  let text = yaml;
  for (const { path, node } of scalars.toSorted((a, b) => startOf(b.node) - startOf(a.node))) {
    if (!isScalar(node) || typeof node.value !== 'string') continue;
    const redacted = redactText(node.value, rules);
    if (redacted.findings.length === 0) continue;
    const secrets = redacted.findings.map(({ start, end }) => String(node.value).slice(start, end));
    text = withScalar(text, node, path, redacted.text, secrets);
    findings.unshift(...redacted.findings.map(({ kind }) => ({ kind, ...positionAt(yaml, startOf(node)) })));
  }
  return { text, findings };
}

/** Whether the document holds nothing even as it is written; with an escape in it only reading can tell. */
function isClean(yaml: string, rules: RedactionRules): boolean {
  return !yaml.includes('\\') && !foldedText.test(yaml) && findSensitive(yaml, rules).length === 0;
}

/** A text that goes on in a further line. */
const foldedText = /:[ \t]*[|>]|:[ \t]*(?:["'][^"'\n]*|[^\s#][^\n]*)\n[ \t]+[^\s:]+(?:[ \t]|\n|$)/;

/** A document that nests beyond the parser's stack has no text to read. */
function parse(yaml: string): Document.Parsed | undefined {
  try {
    return parseDocument(yaml, { version: '1.2', logLevel: 'silent' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function startOf(node: unknown): number {
  return isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Put a new value in a scalar's place: within its quotes where that can be read back, in double quotes otherwise. */
function withScalar(
  yaml: string,
  node: Scalar,
  path: readonly string[],
  value: string,
  secrets: readonly string[],
): string {
  const [start, end] = node.range ?? [0, 0];
  const written = yaml.slice(start, end);
  const marked = secrets.reduce((text, secret) => text.replace(secret, () => redactionMarker), written);
  const kept = yaml.slice(0, start) + marked + yaml.slice(end);
  if (readsAs(kept, path, value)) return kept;
  const ending = /(?:\r?\n)+$/.exec(written)?.[0] ?? '';
  return yaml.slice(0, start) + JSON.stringify(value.trimEnd()) + ending + yaml.slice(end);
}

function readsAs(yaml: string, path: readonly string[], value: string): boolean {
  const document = parse(yaml);
  return document !== undefined && document.errors.length === 0 && document.getIn(path) === value;
}
