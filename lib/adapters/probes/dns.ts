import dns, { Resolver } from 'node:dns/promises';
import { addAbortListener } from 'node:events';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DnsProbeFile } from '../../schema/probes/dns.ts';
import type { FailReason, Sample } from '../../schema/sample.ts';
import type { Ask, AskContext } from './ask.ts';
import { mayAsk } from './connect.ts';
import { canonicalAnswer, recordsOf } from './dns-answers.ts';
import { failed, sampleOfError } from './error-sample.ts';
import { passed } from './passed.ts';
import { resolveHost } from './resolve-host.ts';

/**
 * Ask a name server, or the machine's own where none is named, for records of a name; a hosts file and search domains are
 * not used. Without `answers` any answer will do, and a name without such records is `unexpected_answer`. A server that is
 * named is guarded like any target; the machine's own are not, and what they cannot say is `dns_failed`. The latency is
 * from the first question to the answer; finding the address of `server` is not in it.
 */
export const askDns: Ask<DnsProbeFile> = async (asks, context) => {
  const servers = await serversOf(asks, context);
  if ('kind' in servers) return servers;
  const beganAtMs = context.monotonicMs();
  const answers = await firstAnswer(asks, servers, context.signal);
  if ('kind' in answers) return answers;
  const latencyMs = context.monotonicMs() - beganAtMs;
  const wanted = (asks.expect.answers ?? []).map((answer) => canonicalAnswer(asks.record, answer));
  if (answers.length === 0 || !wanted.every((answer) => answers.includes(answer))) return failed('unexpected_answer');
  return passed(latencyMs, asks.expect);
};

/** The servers to ask, as `setServers` takes them; or the sample that says why there is none to ask. */
async function serversOf({ server, port }: DnsProbeFile, context: AskContext): Promise<readonly string[] | Sample> {
  if (server === undefined) return dns.getServers();
  const addresses = await resolveHost(server.replace(/^\[(.*)\]$/, '$1'), context);
  if (addresses.length === 0) return failed('dns_failed');
  const permitted = addresses.filter((address) => mayAsk(address, context));
  if (permitted.length === 0) return { kind: 'unmeasured', reason: 'forbidden_address' };
  return permitted.map((address) => (isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`));
}

/** How often a question is put while no answer has come, since datagrams get lost. */
const questions = 3;

/**
 * Put the question, and again at each third of the time, and take whichever answer comes first. c-ares would repeat it too,
 * but gives up the one before when it does, and so never hears a server that always takes longer.
 */
async function firstAnswer(
  asks: DnsProbeFile,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[] | Sample> {
  const answered = new AbortController();
  const ended = AbortSignal.any([signal, answered.signal]);
  const attempts = Array.from({ length: questions }, async (_, nth) => {
    if (nth > 0) await pause((asks.timeout_ms * nth) / questions, undefined, { signal: ended });
    return put(asks, [...servers.slice(nth % servers.length), ...servers.slice(0, nth % servers.length)], ended);
  });
  try {
    return await Promise.race(attempts);
  } catch (error) {
    return asks.server === undefined
      ? sampleOfRefusal(error, ownReasons, 'dns_failed')
      : sampleOfRefusal(error, namedReasons, 'protocol_error');
  } finally {
    answered.abort();
  }
}

/** Put the question once to the first of the servers that can be reached. */
async function put(asks: DnsProbeFile, servers: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: asks.timeout_ms, maxTimeout: asks.timeout_ms, tries: 1 });
  resolver.setServers(servers);
  using _ = addAbortListener(signal, () => resolver.cancel());
  return await recordsOf[asks.record](resolver, asks.name);
}

type ReasonByCode = ReadonlyMap<string, FailReason>;

/** A server that is named is what the probe is about. */
const namedReasons: ReasonByCode = new Map<string, FailReason>([
  ['ENOTFOUND', 'unexpected_answer'],
  ['ENODATA', 'unexpected_answer'],
  ['ESERVFAIL', 'unexpected_answer'],
  ['EREFUSED', 'unexpected_answer'],
  ['ENOTIMP', 'unexpected_answer'],
  ['ECONNREFUSED', 'connect_refused'],
  ['ETIMEOUT', 'timeout'],
  ['ECANCELLED', 'timeout'],
  ['ABORT_ERR', 'timeout'],
  ['EBADRESP', 'protocol_error'],
  ['EFORMERR', 'protocol_error'],
]);

/** The machine's own servers only pass on what others say: that a name is not there is an answer, anything else is none. */
const ownReasons: ReasonByCode = new Map<string, FailReason>(
  [...namedReasons].map(([code, reason]) => [code, code === 'ENOTFOUND' || code === 'ENODATA' ? reason : 'dns_failed']),
);

function sampleOfRefusal(error: unknown, reasons: ReasonByCode, otherwise: FailReason): Sample {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = reasons.get(code);
  return reason === undefined ? sampleOfError(error, otherwise) : failed(reason);
}
