import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { readComponentFile } from '../../lib/content/component-file.ts';
import { type ConfigResult, configPath, readConfigFile } from '../../lib/content/config-file.ts';
import type { SourceFile } from '../../lib/content/content.ts';
import { type Environment, resolveProbe } from '../../lib/content/probe-secrets.ts';
import { readProbes } from '../../lib/content/probes.ts';
import { mayBeOpen } from '../../lib/content/resolved-mark.ts';
import { connectivityProblems } from '../../lib/content/target-problems.ts';
import { maintained } from '../../lib/policy/maintenance.ts';
import type { RunResult } from '../../lib/policy/probe-run.ts';
import { fileStart, problem } from '../../lib/policy/rules.ts';
import type { Component } from '../../lib/schema/component.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import type { Probe, ProbeFile } from '../../lib/schema/probe.ts';
import type { Position, Problem } from '../../lib/schema/problem.ts';
import type { UnmeasuredReason } from '../../lib/schema/sample.ts';
import { ProblemsFound } from '../cli/errors.ts';

/** A probe of a run: what to ask, or why it cannot be asked. */
export type Question = Omit<RunResult, 'sample'> & {
  readonly file: string;
  /** Where its target stands in the file. */
  readonly targetAt: Position;
} & ({ readonly asks: ProbeFile } | { readonly asks: undefined; readonly reason: UnmeasuredReason });

/** All that a run needs to know of the content. */
export interface ProbePlan {
  readonly config: StatusConfig;
  readonly components: readonly Component[];
  readonly files: readonly SourceFile[];
  readonly questions: readonly Question[];
  /** Ids of probes whose files are there and cannot be used: what is known of them is kept. */
  readonly brokenIds: ReadonlySet<string>;
  /** What is wrong with the probes and with the connectivity check; the others are asked all the same. */
  readonly problems: readonly Problem[];
}

/** Read what a run asks. Throws `ProblemsFound` where the settings cannot be read, for they say what may be asked. */
export async function readProbePlan(root: string, env: Environment, now: Date): Promise<ProbePlan> {
  const { files, problems } = await readContentRoot(root);
  const { config, keys } = configOf(files, problems);
  const components = files
    .filter(({ path }) => path.startsWith('components/'))
    .flatMap((file) => readComponentFile(file).component ?? []);
  const read = readProbes(files, {
    config,
    components: files.flatMap(({ path }) => /^components\/(.+)\.yml$/.exec(path)?.[1] ?? []),
    unread: problems.map(({ file }) => file),
  });
  const announced = maintained(components, await openIncidentsOf(files), now);
  const asked = read.probes.map((probe) => questionOf(probe, env, announced.has(probe.asks.component)));
  const usable = new Set(read.probes.map(({ id }) => id));
  const ids = [...files, ...problems.map(({ file }) => ({ path: file }))].flatMap(
    ({ path }) => /^probes\/(.+)\.yml$/.exec(path)?.[1] ?? [],
  );
  return {
    config,
    components,
    files,
    questions: asked.map(({ question }) => question),
    brokenIds: new Set(ids.filter((id) => !usable.has(id))),
    problems: [
      ...connectivityProblems(config, keys),
      ...problems.filter(({ file }) => file === 'probes' || file.startsWith('probes/')),
      ...read.problems,
      ...asked.flatMap(({ missing }) => missing),
    ],
  };
}

function configOf(
  files: readonly SourceFile[],
  problems: readonly Problem[],
): { readonly config: StatusConfig; readonly keys: ConfigResult['keys'] } {
  const file = files.find(({ path }) => path === configPath);
  const nothing = { config: undefined, keys: new Map(), problems: [noConfig] };
  const { config, keys, problems: faults } = file === undefined ? nothing : readConfigFile(file);
  if (config !== undefined) return { config, keys };
  const known = problems.filter((one) => one.rule === 'no-content' || one.file === configPath);
  throw new ProblemsFound('No probe was asked:', known.length > 0 ? known : faults);
}

const noConfig = problem(
  'no-config',
  configPath,
  fileStart,
  'There is no status.config.yml.',
  'Write one with `name`, `url` and `support_email`.',
);

/** Parsing Markdown costs more than all else of a small run, so it is loaded only where an incident may be open. */
async function openIncidentsOf(files: readonly SourceFile[]): Promise<readonly Incident[]> {
  if (!files.some(mayBeOpen)) return [];
  const { openIncidents } = await import('../../lib/content/open-incidents.ts');
  return openIncidents(files);
}

function questionOf(
  probe: Probe,
  env: Environment,
  maintenance: boolean,
): { readonly question: Question; readonly missing: readonly Problem[] } {
  const { id, file, asks, positions } = probe;
  const common = {
    probe: id,
    component: asks.component,
    onFailure: asks.on_failure,
    maintenance,
    file,
    targetAt: positions.get(targetKeys[asks.kind]) ?? fileStart,
  };
  const resolved = resolveProbe(probe, env);
  if ('asks' in resolved) return { question: { ...common, asks: resolved.asks }, missing: [] };
  return { question: { ...common, asks: undefined, reason: 'missing_variable' }, missing: resolved.problems };
}

/** The key of each kind that says where it asks. */
const targetKeys = { http: 'url', tcp: 'host', tls: 'host', dns: 'server' } as const;
