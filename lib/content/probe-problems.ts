import { fileStart, problem, type RuleId } from '../policy/rules.ts';
import type { StatusConfig } from '../schema/config.ts';
import type { ComponentId } from '../schema/identifier.ts';
import type { Probe, ProbeFile } from '../schema/probe.ts';
import type { Position, Problem } from '../schema/problem.ts';
import { expectationProblems } from './expectation-problems.ts';
import { sentProblems } from './header-problems.ts';
import { nearest } from './nearest.ts';
import { targetProblems } from './target-problems.ts';

/** What is wrong with one probe that its file's schema cannot see. */
export function probeProblems(
  probe: Probe,
  components: readonly ComponentId[],
  config: Pick<StatusConfig, 'allow_private_targets'> | undefined,
): Problem[] {
  return [
    ...componentProblems(probe.asks.component, probe, components),
    ...targetProblems(probe, config),
    ...(probe.asks.kind === 'http' ? sentProblems(probe, probe.asks) : []),
    ...expectationProblems(probe),
  ];
}

/** Whether a probe with this problem can be asked all the same: its answer is true. */
export function isHarmless({ rule }: Problem): boolean {
  return harmless.has(rule);
}

const harmless: ReadonlySet<string> = new Set<RuleId>(['duplicate-probe', 'plain-secret']);

/** What is wrong with the component that a probe's file names. */
export function componentProblems(
  component: ComponentId,
  { file, positions }: { readonly file: string; readonly positions: ReadonlyMap<string, Position> },
  components: readonly ComponentId[],
): Problem[] {
  if (components.includes(component)) return [];
  const like = nearest(component, components);
  const fix =
    like === undefined ? `Add components/${component}.yml, or name one that exists.` : `Did you mean \`${like}\`?`;
  const at = positions.get('component') ?? fileStart;
  return [problem('unknown-component', file, at, `There is no component \`${component}\`.`, fix)];
}

/** Probes that ask of a component what another one asks of it; the first by id is the one that may stay. */
export function duplicateProbes(probes: readonly Probe[]): Problem[] {
  const seen = new Map<string, Probe>();
  return probes.flatMap((probe) => {
    const question = questionOf(probe.asks);
    const first = seen.get(question);
    if (first === undefined) seen.set(question, probe);
    if (first === undefined) return [];
    const message = `The probe asks what ${first.file} asks of the same component.`;
    return problem('duplicate-probe', probe.file, fileStart, message, 'Ask something else, or delete one of the two.');
  });
}

/** What is asked and expected, in one spelling; how long and how often does not make it another question. */
function questionOf({ timeout_ms, retries, on_failure, ...question }: ProbeFile): string {
  const spelled = question.kind === 'http' ? { ...question, url: new URL(question.url).href } : question;
  return JSON.stringify(spelled, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
