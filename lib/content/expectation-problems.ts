import { isIP, isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { type BodyPatternFault, compileBodyPattern, maxPatternLength } from '../policy/body-pattern.ts';
import { isHeaderName } from '../policy/http-header.ts';
import { parseJsonPath } from '../policy/json-path.ts';
import { variablesIn } from '../policy/probe-variables.ts';
import { fileStart, problem, type RuleId } from '../policy/rules.ts';
import type { Probe, ProbeFile } from '../schema/probe.ts';
import type { DnsProbeFile } from '../schema/probes/dns.ts';
import type { HttpProbeFile } from '../schema/probes/http.ts';
import type { Problem } from '../schema/problem.ts';

/** What is wrong with what a probe expects: what cannot be read, and what no answer can fulfil. */
export function expectationProblems(probe: Probe): Problem[] {
  const { asks, positions } = probe;
  return problemsOf([...latencyFaults(asks), ...variableFaults(asks), ...kindFaults(asks, positions)], probe);
}

/** What cannot be read of the expectation of a file that is no probe yet; `data` is what its YAML says. */
export function sketchedProblems(data: unknown, place: Pick<Probe, 'file' | 'positions'>): Problem[] {
  const expect = Sketched.safeParse(data).data?.expect ?? {};
  return problemsOf([...patternFaults(expect), ...pathFaults(expect)], place);
}

const Sketched = z.object({
  kind: z.literal('http'),
  expect: z.object({
    body_matches: z.string().optional().catch(undefined),
    json: z.record(z.string(), z.unknown()).optional().catch(undefined),
  }),
});

function problemsOf(faults: readonly Fault[], { file, positions }: Pick<Probe, 'file' | 'positions'>): Problem[] {
  return faults.map(({ rule = 'probe-contradiction', key, message, fix }) =>
    problem(rule, file, positions.get(key) ?? fileStart, `\`${key}\` ${message}.`, fix),
  );
}

interface Fault {
  readonly rule?: RuleId;
  readonly key: string;
  readonly message: string;
  readonly fix: string;
}

function latencyFaults({ expect, timeout_ms }: ProbeFile): Fault[] {
  const { max_latency_ms } = expect;
  if (max_latency_ms === undefined || max_latency_ms < timeout_ms) return [];
  const message = `is never reached: the probe ends after ${timeout_ms} ms (\`timeout_ms\`)`;
  return [{ key: 'expect.max_latency_ms', message, fix: `Write less than ${timeout_ms}, or raise \`timeout_ms\`.` }];
}

/** Texts in which a variable would be looked for as it stands. A pattern has a way of its own to write dollar signs. */
function variableFaults({ expect }: ProbeFile): Fault[] {
  const texts = Object.entries(expect).flatMap(([key, value]) => {
    if (key === 'body_matches') return [];
    if (typeof value !== 'object') return [{ key: `expect.${key}`, text: value }];
    return Object.entries(value).map(([name, text]) => ({ key: `expect.${key}.${name}`, text: text }));
  });
  return texts.flatMap(({ key, text }) => {
    if (typeof text !== 'string' || variablesIn(text).names.length === 0) return [];
    const message = 'holds a variable, which is looked for as it stands';
    const fix = 'Write the text out; variables stand in `headers` and `body`, and nothing that is expected is secret.';
    return { rule: 'probe-variable', key, message, fix };
  });
}

function kindFaults(asks: ProbeFile, positions: Probe['positions']): Fault[] {
  if (asks.kind === 'http') return httpFaults(asks);
  return asks.kind === 'dns' ? dnsFaults(asks, positions) : [];
}

function httpFaults(asks: HttpProbeFile): Fault[] {
  const { expect } = asks;
  return [...contradictions(asks), ...headerNameFaults(asks), ...patternFaults(expect), ...pathFaults(expect)];
}

function contradictions({ url, method, body, expect }: HttpProbeFile): Fault[] {
  const faults: Fault[] = [];
  if (body !== undefined && method !== 'POST') {
    faults.push({ key: 'body', message: `is not sent with ${method}`, fix: 'Write `method: POST`, or delete it.' });
  }
  if (expect.tls_days_left !== undefined && new URL(url).protocol === 'http:') {
    const message = 'asks for a certificate, which an `http:` address has not';
    faults.push({ key: 'expect.tls_days_left', message, fix: 'Write the address with `https:`, or delete it.' });
  }
  if (expect.status?.every((status) => status < 200) === true) {
    const message = 'names no status of a final answer';
    faults.push({ key: 'expect.status', message, fix: 'Write a status from 200 on.' });
  }
  const why = whyNoBody(method, expect.status);
  const keys = (['body_contains', 'body_matches', 'json'] as const).filter((key) => expect[key] !== undefined);
  if (why === undefined) return faults;
  const fix = 'Expect only what the answer can have.';
  return [...faults, ...keys.map((key) => ({ key: `expect.${key}`, message: `asks for a body, and ${why}`, fix }))];
}

function whyNoBody(method: HttpProbeFile['method'], statuses: readonly number[] = []): string | undefined {
  if (method === 'HEAD') return 'the answer to HEAD has none';
  const bodiless = statuses.length > 0 && statuses.every((status) => [204, 205, 304].includes(status));
  return bodiless ? 'no answer of such a status has one' : undefined;
}

function headerNameFaults({ expect }: HttpProbeFile): Fault[] {
  return Object.keys(expect.headers ?? {}).flatMap((name) => {
    if (isHeaderName(name)) return [];
    const fix = 'A name is of letters, digits and hyphens: `Content-Type: json`.';
    return { rule: 'probe-header', key: `expect.headers.${name}`, message: 'is no name of a header', fix };
  });
}

function patternFaults({ body_matches }: { readonly body_matches?: string | undefined }): Fault[] {
  const compiled = body_matches === undefined ? undefined : compileBodyPattern(body_matches);
  if (typeof compiled !== 'string') return [];
  const [message, fix] = patternAdvice[compiled];
  return [{ rule: 'body-pattern', key: 'expect.body_matches', message, fix }];
}

const patternAdvice: Readonly<Record<BodyPatternFault, readonly [message: string, fix: string]>> = {
  syntax: [
    'is no regular expression of the RE2 syntax',
    'Correct it; RE2 has no look-around, no back-references and no large repeated counts.',
  ],
  'too-large': [
    'comes to too much work for each character of the answer',
    `Write it in at most ${maxPatternLength} characters and without large repeated counts.`,
  ],
  always: ['matches every answer', 'Write what the answer must hold, or delete it.'],
};

function pathFaults({ json = {} }: { readonly json?: Readonly<Record<string, unknown>> | undefined }): Fault[] {
  return Object.keys(json).flatMap((path) => {
    if (parseJsonPath(path) !== undefined) return [];
    const message = 'is no path to one value';
    const fix =
      "Write a path such as `$.status`, `$.checks[0].ok` or `$['build-id']`; there are no wildcards and no filters.";
    return { rule: 'json-path', key: `expect.json.${path}`, message, fix };
  });
}

function dnsFaults(asks: DnsProbeFile, positions: Probe['positions']): Fault[] {
  const faults: Fault[] = [];
  if (isIP(asks.name.replace(/^\[|\]$/g, '')) !== 0) {
    faults.push({ key: 'name', message: 'is an address, and name servers are asked for names', fix: 'Write a name.' });
  }
  if (asks.server === undefined && positions.has('port')) {
    const fix = 'Add `server: ...`, or delete it.';
    faults.push({ key: 'port', message: 'is that of `server`, and none is named', fix });
  }
  return [...faults, ...answerFaults(asks)];
}

/** What answers a question for each kind of record; names and texts are of any form. */
const answerForms: Partial<Record<DnsProbeFile['record'], readonly [is: (answer: string) => boolean, form: string]>> = {
  A: [isIPv4, 'an IPv4 address'],
  AAAA: [isIPv6, 'an IPv6 address'],
  MX: [(answer) => /^\d{1,5} \S+$/.test(answer), 'a preference and a name, as `10 mail.example.com`'],
};

function answerFaults({ record, expect }: DnsProbeFile): Fault[] {
  const [is, form] = answerForms[record] ?? [];
  return (expect.answers ?? []).flatMap((answer, index) => {
    if (is === undefined || is(answer)) return [];
    const message = `can never be an answer to a question for ${record}`;
    return { key: `expect.answers.${index}`, message, fix: `Write ${form}, or another \`record\`.` };
  });
}
