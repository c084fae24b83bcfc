import type { StatusConfig } from '../schema/config.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Probe } from '../schema/probe.ts';
import type { Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { type ProbeResult, readProbeFile } from './probe-file.ts';
import { componentProblems, duplicateProbes, isHarmless, probeProblems } from './probe-problems.ts';

/** The probes of a content root. */
export interface Probes {
  /** Those that can be asked, by id. */
  readonly probes: readonly Probe[];
  /**
   * Components that have a probe which cannot be asked. A file that does not even name a component that exists counts
   * for every component without a probe that can be asked: it may be the one. In order, each once.
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
export function readProbes(files: readonly SourceFile[], surroundings: ProbeSurroundings): Probes {
  return judgeProbes(files.filter(({ path }) => path.startsWith('probes/')).map(readProbeFile), surroundings);
}

/** Hold what was read of each file against the settings, the components and each other. */
export function judgeProbes(
  results: readonly ProbeResult[],
  { config, components, unread = [] }: ProbeSurroundings,
): Probes {
  const read = results.flatMap(({ probe }) => probe ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const sketches = results.flatMap(({ sketch }) => sketch ?? []);
  const judged = read.map((probe) => ({ probe, problems: probeProblems(probe, components, config) }));
  const [askable, others] = partition(judged, ({ problems }) => problems.every(isHarmless));
  const meant = [
    ...others.map(({ probe }) => probe.asks.component),
    ...sketches.map(({ component }) => component),
    ...unread.filter((path) => /^probes(?:\/[^/]*\.ya?ml)?$/i.test(path)).map(() => undefined),
  ];
  const probes = askable.map(({ probe }) => probe);
  return {
    probes,
    brokenProbes: spokenFor(meant, probes, components),
    problems: [
      ...results.flatMap(({ problems }) => problems),
      ...judged.flatMap(({ problems }) => problems),
      ...sketches.flatMap((sketch) =>
        sketch.component === undefined ? [] : componentProblems(sketch.component, sketch, components),
      ),
      ...duplicateProbes(read),
    ],
  };
}

/** The components that probes which cannot be asked were meant to speak for. */
function spokenFor(
  meant: readonly (ComponentId | undefined)[],
  probes: readonly Probe[],
  components: readonly ComponentId[],
): ComponentId[] {
  const asked = new Set(probes.map(({ asks }) => asks.component));
  const known = meant.filter((id) => id !== undefined && components.includes(id));
  const unsaid = known.length < meant.length ? components.filter((id) => !asked.has(id)) : [];
  return [...new Set([...known, ...unsaid])].flatMap((id) => id ?? []).toSorted();
}

function partition<T>(all: readonly T[], chosen: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(chosen), all.filter((one) => !chosen(one))];
}
