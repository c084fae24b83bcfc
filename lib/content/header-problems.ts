import { isHeaderName, isHeaderValue, namesSecret, refusedHeaders } from '../policy/http-header.ts';
import { fillVariables, variableForm, variablesIn } from '../policy/probe-variables.ts';
import { fileStart, problem, type RuleId } from '../policy/rules.ts';
import { holdsVendorSecret } from '../policy/vendor-secrets.ts';
import type { Probe } from '../schema/probe.ts';
import type { HttpProbeFile } from '../schema/probes/http.ts';
import type { Problem } from '../schema/problem.ts';

/** What is wrong with what an http probe sends: its headers, its body, and the secrets in them. */
export function sentProblems({ file, positions }: Probe, { headers, body = '' }: HttpProbeFile): Problem[] {
  const report: Report = (rule, key, message, fix) =>
    problem(rule, file, positions.get(key) ?? fileStart, `\`${key}\` ${message}.`, fix);
  return [
    ...Object.entries(headers).flatMap(([name, value]) => headerProblems(name, value, report)),
    ...repeatedHeaders(Object.keys(headers), report),
    ...textProblems('body', body, report),
  ];
}

type Report = (rule: RuleId, key: string, message: string, fix: string) => Problem;

function headerProblems(name: string, value: string, report: Report): Problem[] {
  const key = `headers.${name}`;
  const problems = textProblems(key, value, report);
  const refused = refusedHeaders.get(name.toLowerCase());
  if (!isHeaderName(name)) {
    const fix = 'A name is of letters, digits and hyphens: `X-Probe: candor`.';
    problems.push(report('probe-header', key, 'is no name of a header', fix));
  } else if (refused !== undefined) {
    problems.push(report('probe-header', key, `cannot be set: ${refused}`, 'Delete it.'));
  }
  if (!isHeaderValue(fillVariables(value, () => ''))) {
    const message = 'holds a line break, another control character, or a letter beyond Latin-1';
    problems.push(report('probe-header', key, message, 'Write it in one line of plain letters.'));
  }
  if (namesSecret(name) && value !== '' && variablesIn(value).names.length === 0 && !holdsVendorSecret(value)) {
    problems.push(report('plain-secret', key, 'holds a secret as it stands', fromEnvironment));
  }
  return problems;
}

const fromEnvironment = `Write \`${variableForm}\` in its place and keep the secret in the environment; and make a new one, for this one is known.`;

function textProblems(key: string, text: string, report: Report): Problem[] {
  const problems: Problem[] = [];
  if (variablesIn(text).malformed) {
    const fix = `A variable is \`${variableForm}\`, in capitals, digits and underscores; to send the two signs, write \`$\${\`.`;
    problems.push(report('probe-variable', key, 'holds `${` and no variable', fix));
  }
  if (holdsVendorSecret(text))
    problems.push(report('plain-secret', key, 'holds the key of a vendor as it stands', fromEnvironment));
  return problems;
}

/** Headers that stand twice but for upper and lower case. */
function repeatedHeaders(names: readonly string[], report: Report): Problem[] {
  const lower = names.map((name) => name.toLowerCase());
  return names
    .filter((_name, index) => lower.indexOf(lower[index] ?? '') < index)
    .map((name) => report('probe-header', `headers.${name}`, 'stands a second time', 'Keep one of the two.'));
}
