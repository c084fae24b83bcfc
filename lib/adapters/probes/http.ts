import { bodyFault, bodyNeed, headFault } from '../../policy/http-expectation.ts';
import { type HttpRequest, redirected } from '../../policy/http-redirect.ts';
import type { HttpExpectation, HttpProbeFile } from '../../schema/probes/http.ts';
import type { FailReason, Sample } from '../../schema/sample.ts';
import type { Ask, AskContext } from './ask.ts';
import { type BodyRead, readBody } from './body-reader.ts';
import { certificateDaysLeft } from './certificate.ts';
import { failed, sampleOfError } from './error-sample.ts';
import { type Answer, exchange } from './http-exchange.ts';
import { passed } from './passed.ts';

/**
 * Ask over HTTP/1.1, following redirections, each over a guarded connection of its own. The latency is from connecting
 * (names are resolved already) to the last byte that an expectation needs, over all redirections.
 */
export const askHttp: Ask<HttpProbeFile> = (asks, context) => follow(asks, context, firstRequest(asks), new Set(), 0);

function firstRequest({ url, method, headers, body }: HttpProbeFile): HttpRequest {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { url: new URL(url), method, headers: new Map(lowerCase), body: method === 'POST' ? (body ?? '') : undefined };
}

/** `visited` are the requests before this one and `earlierMs` is what they took. */
async function follow(
  asks: HttpProbeFile,
  context: AskContext,
  request: HttpRequest,
  visited: ReadonlySet<string>,
  earlierMs: number,
): Promise<Sample> {
  const answer = await exchange(request, context);
  if (answer.kind === 'none') return answer.sample;
  const tookMs = () => earlierMs + context.monotonicMs() - answer.begunAtMs;
  try {
    const next = nextRequest(asks, request, answer);
    const fault = certificateFault(asks, answer, { isLast: next === undefined, now: context.now });
    if (fault !== undefined) return failed(fault);
    if (next === undefined) return await judge(asks, context, answer, tookMs);
    if (next === 'invalid') return failed('protocol_error');
    const been = new Set([...visited, keyOf(request)]);
    if (been.size > asks.max_redirects || been.has(keyOf(next))) return failed('too_many_redirects');
    answer.close();
    return await follow(asks, context, next, been, tookMs());
  } finally {
    answer.close();
  }
}

/** A redirection that the file expects, or that it does not want followed, is an answer like any other. */
function nextRequest(asks: HttpProbeFile, request: HttpRequest, answer: Answer): ReturnType<typeof redirected> {
  if (asks.max_redirects === 0 || asks.expect.status?.includes(answer.status)) return undefined;
  return redirected(request, { status: answer.status, location: answer.headers.get('location') });
}

function keyOf({ method, url }: HttpRequest): string {
  return `${method} ${url.href}`;
}

/** Every certificate on the way counts, since visitors pass them all; the last answer has to come with one. */
function certificateFault(
  { expect }: HttpProbeFile,
  { security }: Answer,
  { isLast, now }: { readonly isLast: boolean; readonly now: Date },
): FailReason | undefined {
  if (expect.tls_days_left === undefined) return undefined;
  if (security === undefined) return isLast ? 'tls_failed' : undefined;
  return certificateDaysLeft(security.certificate, now) < expect.tls_days_left ? 'certificate_expiring' : undefined;
}

/** Judge the last answer, reading of its body what the expectation needs and no more. */
async function judge(
  { expect }: HttpProbeFile,
  { signal }: AskContext,
  answer: Answer,
  tookMs: () => number,
): Promise<Sample> {
  const fault = headFault(expect, answer);
  if (fault !== undefined) return failed(fault);
  const read = await readNeeded(expect, answer, signal);
  const latencyMs = tookMs();
  if (read.kind === 'unreadable') return read.sample;
  const later = faultOfBody(expect, read);
  return later === undefined ? passed(latencyMs, expect) : failed(later);
}

type Needed = BodyRead | { readonly kind: 'nothing' } | { readonly kind: 'unreadable'; readonly sample: Sample };

async function readNeeded(expect: HttpExpectation, { headers, body }: Answer, signal: AbortSignal): Promise<Needed> {
  const need = bodyNeed(expect);
  if (need.kind === 'nothing') return { kind: 'nothing' };
  const [contentEncoding, contentType] = [headers.get('content-encoding') ?? '', headers.get('content-type') ?? ''];
  try {
    const read = await readBody(body, { contentEncoding, contentType }, need);
    // A body without a length ends with its connection, and at the deadline it is we who end that.
    return read.kind === 'whole' && signal.aborted ? { kind: 'unreadable', sample: failed('timeout') } : read;
  } catch (error) {
    return { kind: 'unreadable', sample: signal.aborted ? failed('timeout') : sampleOfError(error, 'protocol_error') };
  }
}

function faultOfBody(expect: HttpExpectation, read: Exclude<Needed, { kind: 'unreadable' }>): FailReason | undefined {
  return read.kind === 'whole' ? bodyFault(expect, read.text) : faultByRead[read.kind];
}

const faultByRead: Readonly<Record<Exclude<BodyRead['kind'], 'whole'> | 'nothing', FailReason | undefined>> = {
  nothing: undefined,
  found: undefined,
  too_large: 'body_too_large',
  unknown_encoding: 'protocol_error',
};
