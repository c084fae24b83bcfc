import { cadenceProblems } from '../policy/cadence.ts';
import { changeProblems } from '../policy/change.ts';
import { courseProblems, lifecycleProblems } from '../policy/lifecycle.ts';
import { namingProblems } from '../policy/naming.ts';
import { overrideProblems } from '../policy/override.ts';
import { type RedactionRules, redactText } from '../policy/redaction.ts';
import type { Problem } from '../schema/problem.ts';
import type { ContentResult, SourceFile } from './content.ts';
import { contentOf, type ParseOptions, parseProblems, probesOf, sorted } from './parse-content.ts';
import { type Records, readRecords } from './records.ts';
import { redactMarkdown } from './redact-markdown.ts';
import { redactionProblems, redactionRulesOf } from './redaction-problems.ts';
import { sameBytes } from './unaffected.ts';

/** What a check may be told. */
export interface CheckOptions extends ParseOptions {
  /** The content that a change begins from; without it nothing is said about change. */
  readonly base?: readonly SourceFile[] | undefined;
  /** Names of employees, besides those of `status.config.yml`. */
  readonly redactNames: readonly string[];
}

/** Hold a content root against every rule: its files, what they say, and what changed since `base`. */
export function checkContent(files: readonly SourceFile[], options: CheckOptions): ContentResult {
  const records = readRecords(files, options.onProgress);
  const probes = probesOf(files, records, options.unread);
  const rules = redactionRulesOf(records, options.redactNames);
  const problems = [
    ...parseProblems(files, records, probes, options.unread),
    ...policyProblems(records, options.now),
    ...redactionProblems(records, rules),
    ...changesSince(files, records, rules, options),
  ];
  options.onProgress?.(files.length, files.length);
  return { content: contentOf(records, probes), problems: sorted(problems) };
}

function policyProblems({ components, incidents, sketches }: Records, now: Date): Problem[] {
  const allComponents = [...components, ...sketches.components];
  return [
    ...allComponents.flatMap((component) => [...namingProblems(component), ...overrideProblems(component, now)]),
    ...sketches.incidents.flatMap((sketch) => courseProblems(sketch, now)),
    ...incidents.flatMap((incident) => [...lifecycleProblems(incident, now), ...cadenceProblems(incident, now)]),
  ];
}

function changesSince(
  files: readonly SourceFile[],
  records: Records,
  rules: RedactionRules,
  options: CheckOptions,
): Problem[] {
  if (options.base === undefined) return [];
  const present = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const base = readRecords(options.base.filter(({ path, bytes }) => !sameBytes(bytes, present.get(path))));
  const paths = new Set([...present.keys(), ...(options.unread ?? [])]);
  return changeProblems(
    base.incidents,
    { incidents: records.incidents, paths },
    {
      markdown: (text) => redactMarkdown(text, rules).text,
      line: (text) => redactText(text, rules).text,
    },
  );
}
