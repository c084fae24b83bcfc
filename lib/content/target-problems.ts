import { namesSecret } from '../policy/http-header.ts';
import { writtenTarget } from '../policy/probe-target.ts';
import { variableForm } from '../policy/probe-variables.ts';
import { fileStart, problem, type RuleId } from '../policy/rules.ts';
import { holdsVendorSecret } from '../policy/vendor-secrets.ts';
import type { StatusConfig } from '../schema/config.ts';
import type { Probe, ProbeFile } from '../schema/probe.ts';
import type { Position, Problem } from '../schema/problem.ts';
import { configPath } from './config-file.ts';

type Settings = Pick<StatusConfig, 'allow_private_targets'>;

/** What is wrong with the addresses that a probe asks. A name is judged again, by the address that it leads to. */
export function targetProblems({ file, asks, positions }: Probe, config: Settings | undefined): Problem[] {
  const place = { file, positions };
  const hosts = hostsOf(asks).flatMap(({ key, host }) => hostProblems(host, key, place, config));
  return asks.kind === 'http' ? [...urlProblems(asks.url, 'url', place), ...hosts] : hosts;
}

/** What is wrong with the address that says whether the runner itself is online. */
export function connectivityProblems(
  config: Pick<StatusConfig, 'allow_private_targets' | 'connectivity_check'>,
  positions: ReadonlyMap<string, Position>,
): Problem[] {
  const { connectivity_check: url } = config;
  if (url === undefined) return [];
  const key = 'connectivity_check';
  const place = { file: configPath, positions };
  return [...urlProblems(url, key, place), ...hostProblems(new URL(url).hostname, key, place, config)];
}

interface Place {
  readonly file: string;
  readonly positions: ReadonlyMap<string, Position>;
}

/** The hosts that are connected to, each with the key that names it. The name that a dns probe asks for is none. */
function hostsOf(asks: ProbeFile): readonly { readonly key: string; readonly host: string }[] {
  switch (asks.kind) {
    case 'http':
      return [{ key: 'url', host: new URL(asks.url).hostname }];
    case 'dns':
      return asks.server === undefined ? [] : [{ key: 'server', host: asks.server }];
    case 'tcp':
    case 'tls':
      return [{ key: 'host', host: asks.host }];
  }
}

function urlProblems(text: string, key: string, { file, positions }: Place): Problem[] {
  const url = new URL(text);
  const report = (rule: RuleId, message: string, fix: string) =>
    problem(rule, file, positions.get(key) ?? fileStart, `\`${key}\` ${message}.`, fix);
  const problems: Problem[] = [];
  if (url.username !== '' || url.password !== '') {
    const fix = `Take them out, and send \`headers: { Authorization: "Basic ${variableForm}" }\` from the environment.`;
    problems.push(report('probe-address', 'holds a user or a password', fix));
  }
  if (/\$\{|\$%7B/i.test(text)) {
    const fix = `Write the address out; \`${variableForm}\` stands in headers and in the body.`;
    problems.push(report('probe-address', 'holds a variable, and addresses are taken as they stand', fix));
  } else if (
    holdsVendorSecret(text) ||
    [...url.searchParams].some(([name, value]) => namesSecret(name) && value !== '')
  ) {
    const fix = `Send it in a header, as \`${variableForm}\` from the environment; and make a new one, for this one is known.`;
    problems.push(report('plain-secret', 'holds a secret as it stands', fix));
  }
  return problems;
}

function hostProblems(host: string, key: string, { file, positions }: Place, config: Settings | undefined): Problem[] {
  const at = positions.get(key) ?? fileStart;
  const target = writtenTarget(host);
  if (target === 'forbidden') {
    const message = `\`${key}\` leads to an address that is never asked: link-local, a cloud's metadata, or none of one machine.`;
    return [problem('forbidden-target', file, at, message, 'Ask the service at an address of its own.')];
  }
  if (target !== 'private' || config?.allow_private_targets === true) return [];
  const message = `\`${key}\` leads into a private network or to this machine itself.`;
  const fix = 'Ask it from outside, or write `allow_private_targets: true` in status.config.yml.';
  return [problem('private-target', file, at, message, fix)];
}
