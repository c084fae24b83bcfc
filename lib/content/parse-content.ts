import { fileStart, problem } from '../policy/rules.ts';
import type { Incident } from '../schema/incident.ts';
import type { Problem } from '../schema/problem.ts';
import { configPath } from './config-file.ts';
import type { Content, ContentResult, SourceFile } from './content.ts';
import { componentIdsOf, crossFileProblems, pathsOf } from './cross-file.ts';
import { judgeProbes, type Probes } from './probes.ts';
import { type Progress, type Records, readRecords } from './records.ts';
import { connectivityProblems } from './target-problems.ts';

/** What parsing may be told. */
export interface ParseOptions {
  readonly now: Date;
  /** Paths that exist and could not be read: nobody has to say that they are missing. */
  readonly unread?: readonly string[] | undefined;
  readonly onProgress?: Progress | undefined;
}

/**
 * Parse a content root. Content is built from whatever can be read, and is absent without a readable
 * `status.config.yml`; it is fit to publish only where no problem is an error.
 */
export function parseContent(files: readonly SourceFile[], options: ParseOptions): ContentResult {
  const records = readRecords(files, options.onProgress);
  const probes = probesOf(files, records, options.unread);
  return {
    content: contentOf(records, probes),
    problems: sorted(parseProblems(files, records, probes, options.unread)),
  };
}

/** The probes among records, held against the rest of them. */
export function probesOf(files: readonly SourceFile[], records: Records, unread: readonly string[] = []): Probes {
  const components = componentIdsOf(pathsOf(files, unread));
  return judgeProbes(records.probes, { config: records.config, components, unread });
}

/** The content that records make up, in the order in which everything shows it. */
export function contentOf(
  { config, components, incidents }: Records,
  { probes, brokenProbes }: Pick<Content, 'probes' | 'brokenProbes'>,
): Content | undefined {
  if (config === undefined) return undefined;
  return {
    config,
    components: components.toSorted((a, b) => a.order - b.order || compare(a.name, b.name) || compare(a.id, b.id)),
    probes,
    brokenProbes,
    incidents: inOrderOfHistory(incidents),
  };
}

/** Incidents as everything shows them: newest first; where two began at once, by id from the end. */
export function inOrderOfHistory(incidents: readonly Incident[]): Incident[] {
  return incidents.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || compare(b.id, a.id));
}

/** The problems of files taken one by one, and those between them. */
export function parseProblems(
  files: readonly SourceFile[],
  records: Records,
  probes: Probes,
  unread: readonly string[] = [],
): readonly Problem[] {
  const { config, configKeys } = records;
  const hasConfig = unread.includes(configPath) || files.some((file) => file.path === configPath);
  return [
    ...records.problems,
    ...(hasConfig ? [] : [noConfig()]),
    ...(config === undefined ? [] : connectivityProblems(config, configKeys)),
    ...probes.problems,
    ...crossFileProblems(files, records, unread),
  ];
}

/** Problems by file, line and column, so that a report reads from top to bottom and is the same each time. */
export function sorted(problems: readonly Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function noConfig(): Problem {
  return problem(
    'no-config',
    configPath,
    fileStart,
    'There is no status.config.yml.',
    'Write one with `name`, `url` and `support_email`.',
  );
}
