import {
  compileRedactionRules,
  patternError,
  type RedactionKind,
  type RedactionRules,
  redactText,
} from '../policy/redaction.ts';
import { fileStart, problem } from '../policy/rules.ts';
import type { Component } from '../schema/component.ts';
import type { Incident } from '../schema/incident.ts';
import type { Position, Problem } from '../schema/problem.ts';
import { configPath } from './config-file.ts';
import type { Records } from './records.ts';
import { findInMarkdown } from './redact-markdown.ts';
import type { StrayText } from './updates.ts';

/** The dictionary of a page: its own additions, and the names that the environment holds. */
export function redactionRulesOf({ config }: Pick<Records, 'config'>, names: readonly string[]): RedactionRules {
  const { redact } = config ?? {};
  return compileRedactionRules({
    supportEmail: config?.support_email,
    names: [...(redact?.names ?? []), ...names],
    hosts: redact?.hosts ?? [],
    patterns: redact?.patterns ?? [],
  });
}

/** Everything in the content that must not be published: where it stands and of what kind, never the text itself. */
export function redactionProblems(records: Records, rules: RedactionRules): Problem[] {
  const { config, configKeys, components, incidents, sketches } = records;
  return [
    ...(config === undefined ? [] : patternProblems(config.redact.patterns, configKeys)),
    ...(config === undefined
      ? []
      : inStrings({ file: configPath, positions: configKeys }, config, ['name', 'description'], rules)),
    ...[...components, ...incidents, ...sketches.components, ...sketches.incidents].flatMap(({ file }) =>
      inFileName(file, rules),
    ),
    ...components.flatMap((component) => inComponent(component, rules)),
    ...sketches.components.flatMap((sketch) => inStrings(sketch, sketch, ['name'], rules)),
    ...incidents.flatMap((incident) => [
      ...inStrings(incident, publicFields(incident), ['title', 'imported_from'], rules),
      ...inTexts(incident, rules),
    ]),
    ...sketches.incidents.flatMap((sketch) => [
      ...inStrings(sketch, sketch, ['title'], rules),
      ...inTexts(sketch, rules),
    ]),
  ];
}

/** A file's name is the id, and so a part of the page's addresses; a name is read there in small letters and hyphens too. */
function inFileName(file: string, rules: RedactionRules): Problem[] {
  const id = file.replace(/^.*\/|\.\w+$/g, '');
  const kind = redactText(`https://page.example/${id}/`, rules).findings[0]?.kind;
  if (kind === undefined) return [];
  const message = `The file name holds ${kinds[kind]}, and addresses are public.`;
  return [problem('redaction-address', file, fileStart, message, 'Give the file another name.')];
}

function publicFields({ title, importedFrom }: Incident) {
  return { title, imported_from: importedFrom };
}

function inComponent(component: Component, rules: RedactionRules): Problem[] {
  const reason = { 'override.reason': component.override?.reason };
  return [
    ...inStrings(component, component, ['name', 'description', 'group'], rules),
    ...inStrings(component, reason, ['override.reason'], rules),
  ];
}

interface Place {
  readonly file: string;
  readonly positions: ReadonlyMap<string, Position>;
}

function inStrings<K extends string>(
  { file, positions }: Place,
  fields: { readonly [Key in K]?: string | undefined },
  keys: readonly K[],
  rules: RedactionRules,
): Problem[] {
  return keys.flatMap((key) => {
    const text = fields[key];
    if (text === undefined) return [];
    const at = positions.get(key) ?? fileStart;
    return redactText(text, rules).findings.map(({ kind }) => finding(file, at, `\`${key}\``, kind));
  });
}

type Texts = Pick<Incident, 'file'> & {
  readonly updates: readonly StrayText[];
  readonly strays?: readonly StrayText[];
};

function inTexts({ file, updates, strays = [] }: Texts, rules: RedactionRules): Problem[] {
  return [...updates, ...strays].flatMap(({ body, bodyPosition }) =>
    findInMarkdown(body, rules).map(({ kind, line, column }) =>
      finding(file, { line: bodyPosition.line + line - 1, column }, 'The text', kind),
    ),
  );
}

const kinds: Record<RedactionKind, string> = {
  ipv4: 'an IP address',
  ipv6: 'an IP address',
  stack_trace: 'a line of a stack trace',
  email: 'an e-mail address',
  internal_host: 'the name of an internal host',
  vendor_id: 'an id or a key of a vendor',
  employee_name: "an employee's name",
  custom: 'something that status.config.yml keeps private',
};

function finding(file: string, at: Position, where: string, kind: RedactionKind): Problem {
  const fix = `Take it out, or run \`candor redact --write ${file}\`, with --root if the check had it.`;
  return problem('redaction', file, at, `${where} holds ${kinds[kind]}, which must not be public.`, fix);
}

function patternProblems(patterns: readonly string[], positions: Place['positions']): Problem[] {
  return patterns.flatMap((pattern, index) => {
    const error = patternError(pattern);
    if (error === undefined) return [];
    const at = positions.get(`redact.patterns.${index}`) ?? fileStart;
    const message = 'The pattern is no regular expression of the RE2 syntax.';
    return [
      problem(
        'redaction-pattern',
        configPath,
        at,
        message,
        'Correct it; RE2 has no look-around and no back-references.',
      ),
    ];
  });
}
