import type { StatusConfig } from '../schema/config.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Probe } from '../schema/probe.ts';
import type { Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { readProbeFile } from './probe-file.ts';

/** The probes of a content root. */
export interface Probes {
  /** Those that can be asked, by id. */
  readonly probes: readonly Probe[];
  /**
   * Components that have a probe which cannot be asked. A file that does not even say its component counts for every
   * component that has no probe that can be asked. In order, each once.
   */
  readonly brokenProbes: readonly ComponentId[];
  readonly problems: readonly Problem[];
}

/** What probes are judged by. Without settings nothing is allowed that they would have to allow. */
export interface ProbeSurroundings {
  readonly config: Pick<StatusConfig, 'allow_private_targets'> | undefined;
  /** Every component that has a file. */
  readonly components: readonly ComponentId[];
  /** Paths of files that exist and could not be read. */
  readonly unread?: readonly string[] | undefined;
}

/** Read every `probes/<id>.yml` among `files`; other files are passed over. Loads nothing of Markdown or incidents. */
export function readProbes(files: readonly SourceFile[], _surroundings: ProbeSurroundings): Probes {
  const results = files.filter(({ path }) => path.startsWith('probes/')).map(readProbeFile);
  return { probes: results.flatMap(({ probe }) => probe ?? []), brokenProbes: [], problems: [] };
}
