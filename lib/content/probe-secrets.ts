import { isHeaderValue } from '../policy/http-header.ts';
import { fillVariables, variablesIn } from '../policy/probe-variables.ts';
import { fileStart, problem } from '../policy/rules.ts';
import type { Probe, ProbeFile } from '../schema/probe.ts';
import type { HttpProbeFile } from '../schema/probes/http.ts';
import type { Problem } from '../schema/problem.ts';

/** What a probe asks once its secrets stand in their places, or why it cannot be asked. */
export type ResolvedProbe = { readonly asks: ProbeFile } | { readonly problems: readonly Problem[] };

/** The variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Put the values of `${NAME}` in their places in headers and body. A variable that is missing or empty, or whose value no
 * header can hold, is a problem at its key; no problem shows a value.
 */
export function resolveProbe(probe: Probe, env: Environment): ResolvedProbe {
  const { asks } = probe;
  if (asks.kind !== 'http') return { asks };
  const problems = textsOf(asks).flatMap(({ key, text, isHeader }) =>
    variablesIn(text).names.flatMap((name) => {
      const fault = faultOf(name, env[name] ?? '', isHeader);
      return fault === undefined ? [] : variableProblem(probe, key, fault);
    }),
  );
  return problems.length > 0 ? { problems } : { asks: filled(asks, (name) => env[name] ?? '') };
}

interface FilledText {
  readonly key: string;
  readonly text: string;
  readonly isHeader: boolean;
}

/** The texts of a probe that may hold variables. */
function textsOf({ headers, body = '' }: HttpProbeFile): readonly FilledText[] {
  const values = Object.entries(headers).map(([name, text]) => ({ key: `headers.${name}`, text, isHeader: true }));
  return [...values, { key: 'body', text: body, isHeader: false }];
}

function filled(asks: HttpProbeFile, value: (name: string) => string): HttpProbeFile {
  const headers = Object.entries(asks.headers).map(([name, text]) => [name, fillVariables(text, value)] as const);
  const body = asks.body === undefined ? {} : { body: fillVariables(asks.body, value) };
  return { ...asks, headers: Object.fromEntries(headers), ...body };
}

type Fault = readonly [message: string, fix: string];

function faultOf(name: string, value: string, isHeader: boolean): Fault | undefined {
  const store = 'in the environment of whatever runs the probes';
  if (value.trim() === '') {
    const message = `needs the environment variable \`${name}\`, which is not set or empty`;
    return [message, `Set ${name} ${store}, in a workflow from its secrets.`];
  }
  if (!isHeader || isHeaderValue(value)) return undefined;
  const message = `cannot hold the value of the environment variable \`${name}\``;
  return [message, `Set ${name} ${store} without line breaks, other control characters and letters beyond Latin-1.`];
}

function variableProblem({ file, positions }: Probe, key: string, [message, fix]: Fault): Problem {
  return problem('missing-variable', file, positions.get(key) ?? fileStart, `\`${key}\` ${message}.`, fix);
}
