import type { RedactionRules } from '../policy/redaction.ts';
import { outlineOf } from './headings.ts';
import { type Finding, redactMarkdown } from './redact-markdown.ts';
import { redactYaml } from './redaction/redact-yaml.ts';

/** A whole file with the marker in place of what must not be published; `findings` are places in the file as it was. */
export interface RedactedFile {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/**
 * Redact the public strings of a content file, by its path in the content root: the title and the updates of an incident;
 * name, description, group and override's reason of a component; name and description of the page. Any other file is
 * read as Markdown, save YAML, which is left alone. Everything else stays byte for byte.
 */
export function redactFile(path: string, text: string, rules: RedactionRules): RedactedFile {
  if (/(?:^|\/)incidents\/[^/]+\.md$/.test(path)) return redactIncident(text, rules);
  const fields = yamlFields.find(({ pattern }) => pattern.test(path))?.fields;
  if (fields !== undefined) return redactYaml(text, fields, rules);
  return redactMarkdown(text, rules);
}

const yamlFields: readonly { readonly pattern: RegExp; readonly fields: readonly (readonly string[])[] }[] = [
  {
    pattern: /(?:^|\/)components\/[^/]+\.ya?ml$/,
    fields: [['name'], ['description'], ['group'], ['override', 'reason']],
  },
  { pattern: /(?:^|\/)status\.config\.ya?ml$/, fields: [['name'], ['description']] },
  { pattern: /\.ya?ml$/, fields: [] },
];

const frontMatter = /^\uFEFF?---[ \t]*(?:ya?ml)?[ \t]*\r?\n(?<yaml>[\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

function redactIncident(text: string, rules: RedactionRules): RedactedFile {
  const head = frontMatter.exec(text);
  const yaml = head?.groups?.['yaml'] ?? '';
  const yamlStart = head === null ? 0 : head[0].indexOf(yaml, head[0].indexOf('\n') + 1);
  const bodyStart = head === null ? 0 : head[0].length;
  const facts = redactYaml(yaml, [['title']], rules);
  const updates = redactUpdates(text.slice(bodyStart), rules);
  return {
    text: text.slice(0, yamlStart) + facts.text + text.slice(yamlStart + yaml.length, bodyStart) + updates.text,
    findings: [
      ...movedDown(facts.findings, linesIn(text.slice(0, yamlStart))),
      ...movedDown(updates.findings, linesIn(text.slice(0, bodyStart))),
    ],
  };
}

/** Each update is read by itself, as the renderer reads it; the headings between them stay. */
function redactUpdates(body: string, rules: RedactionRules): RedactedFile {
  const lines = body.split(/(?<=\n)/);
  const findings: Finding[] = [];
  let text = '';
  let line = 0;
  const redactUpTo = (end: number) => {
    const update = redactMarkdown(lines.slice(line, end).join(''), rules);
    text += update.text;
    findings.push(...movedDown(update.findings, line));
  };
  for (const heading of outlineOf(lines.map((withEnding) => withEnding.replace(/\r?\n$/, ''))).headings) {
    redactUpTo(heading.line);
    text += lines.slice(heading.line, heading.endLine).join('');
    line = heading.endLine;
  }
  redactUpTo(lines.length);
  return { text, findings };
}

function movedDown(findings: readonly Finding[], lines: number): Finding[] {
  return findings.map((finding) => ({ ...finding, line: finding.line + lines }));
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
