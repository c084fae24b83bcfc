import { fileStart, problem } from '../policy/rules.ts';
import type { Component } from '../schema/component.ts';
import type { Incident } from '../schema/incident.ts';
import type { Problem } from '../schema/problem.ts';
import { readComponentFile } from './component-file.ts';
import { configPath, readConfigFile } from './config-file.ts';
import type { Content, ContentResult, SourceFile } from './content.ts';
import { crossFileProblems } from './cross-file.ts';
import { readIncidentFile } from './incident-file.ts';

/** What parsing may be told. */
export interface ParseOptions {
  readonly now: Date;
  /** Called with how many files of how many are done, now and then. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Parse a content root. Content is built from whatever can be read, and is absent without a readable
 * `status.config.yml`; it is fit to publish only where no problem is an error.
 */
export function parseContent(files: readonly SourceFile[], options: ParseOptions): ContentResult {
  const problems: Problem[] = [];
  const components: Component[] = [];
  const incidents: Incident[] = [];
  let config: Content['config'] | undefined;
  for (const [done, file] of files.entries()) {
    if (done % 200 === 0) options.onProgress?.(done, files.length);
    if (file.path === configPath) {
      const result = readConfigFile(file);
      config = result.config;
      problems.push(...result.problems);
    } else if (file.path.startsWith('components/')) {
      const result = readComponentFile(file);
      if (result.component !== undefined) components.push(result.component);
      problems.push(...result.problems);
    } else if (file.path.startsWith('incidents/')) {
      const result = readIncidentFile(file);
      if (result.incident !== undefined) incidents.push(result.incident);
      problems.push(...result.problems);
    }
  }
  if (!files.some((f) => f.path === configPath)) problems.push(noConfig());
  problems.push(...crossFileProblems(files, components, incidents));
  if (config === undefined) return { content: undefined, problems: sorted(problems) };
  components.sort((a, b) => a.order - b.order || compare(a.name, b.name) || compare(a.id, b.id));
  incidents.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || compare(b.id, a.id));
  return { content: { config, components, incidents }, problems: sorted(problems) };
}

/** Problems by file, line and column, so that a report reads from top to bottom and is the same each time. */
export function sorted(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
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
