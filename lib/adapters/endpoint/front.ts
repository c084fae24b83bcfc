import type { IncomingMessage, RequestListener } from 'node:http';
import { maxRequestBytes } from '../../policy/constants.ts';
import type { AuditQuestion } from '../../subscriptions/endpoint-call.ts';
import { bodyTypeOf, type RequestBody, readBody } from '../../subscriptions/request-body.ts';
import { admission } from './cross-origin.ts';
import type { FrontNeeds, OpenEndpoint } from './front-needs.ts';
import type { Allowance } from './limits.ts';
import { readBytes } from './read-bytes.ts';
import { malformedRefusal, refusals } from './refusals.ts';
import { type Budget, type Place, placeOf, type Route } from './route-table.ts';
import { asksForJson, refuse, send, type Visit, visitOf } from './visit.ts';

/**
 * Answers the page and the endpoint. What can be refused is refused here, before any template runs: unknown addresses,
 * methods, sizes, types, malformed bodies, and what is beyond a limit.
 */
export function endpointFront(needs: FrontNeeds): RequestListener {
  return (request, response) => {
    const place = placeOf(pathOf(request), needs.bases());
    if (place === undefined) {
      needs.page(request, response);
      return;
    }
    const visit = visitOf(needs, request, response, place);
    answer(visit, place).catch((error: unknown) => fail(visit, error));
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function fail(visit: Visit, error: unknown): void {
  const { needs, response, id } = visit;
  needs.log.failed('A request could not be answered.', error, id);
  if (response.headersSent) response.destroy();
  else refuse(visit, refusals.fault).catch(() => response.destroy());
}

async function answer(visit: Visit, place: Place): Promise<void> {
  const { needs, request, response, head } = visit;
  if (place.kind === 'file') {
    if (await isBeyond(visit, 'read')) return;
    for (let at = 0; at < head.length; at += 2) response.setHeader(head[at] ?? '', head[at + 1] ?? '');
    needs.page(request, response);
    return;
  }
  head.push(...strictHeaders);
  if (place.kind === 'route') await answerRoute(visit, place.route, place.token);
  else if (!(await isBeyond(visit, 'read'))) await refuse(visit, refusals.nothing);
}

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers may hold a token, or come from an address with one: nothing of it is kept, told to others, framed or found. */
const strictHeaders = [
  ...['cache-control', 'no-store'],
  ...['content-security-policy', policy],
  ...['referrer-policy', 'no-referrer'],
  ...['x-content-type-options', 'nosniff'],
  ...['x-robots-tag', 'noindex'],
];

async function answerRoute(visit: Visit, route: Route, token: string): Promise<void> {
  const { needs, request, response, head } = visit;
  const { method = '' } = request;
  if (route.isForScripts) head.push(...admission(request, needs.endpoint()?.pageOrigin));
  if (method === 'OPTIONS') {
    head.push('allow', allowedOf(route));
    response.writeHead(204, head).end();
    return;
  }
  if (!route.methods.includes(method)) {
    head.push('allow', allowedOf(route));
    await refuse(visit, refusals.method, route);
    return;
  }
  const acts = method === 'POST';
  const body = acts ? await bodyOf(visit, route) : noBody;
  if (body === undefined) return;
  const budget = acts ? route.actBudget : route.lookBudget;
  if (budget !== undefined && (await isBeyond(visit, budget, route))) return;
  const endpoint = needs.endpoint() ?? (await opened(visit, route));
  if (endpoint === undefined) {
    head.push('retry-after', String(startRetrySeconds));
    await refuse(visit, refusals.starting, route);
    return;
  }
  const answersJson = asksForJson(request, route);
  const passed = { acts, token, body, answersJson, question: questionOf(request) };
  send(visit, await endpoint.answer(route, passed));
}

function allowedOf({ methods }: Route): string {
  return [...methods, 'OPTIONS'].join(', ');
}

function questionOf({ headers, url = '/' }: IncomingMessage): AuditQuestion {
  const [, ...query] = url.split('?');
  return { authorization: headers.authorization, query: query.join('?') };
}

const noBody: RequestBody = { kind: 'form', fields: new Map() };

/** Less than a server waits for a connection that is silent. */
const usualPatienceMs = 10_000;
const startRetrySeconds = 10;
const limiterRetrySeconds = 60;

/** The endpoint, as soon as it is there: who has the page need not know that it is starting. A monitor wants to know. */
async function opened({ needs }: Visit, { name }: Route): Promise<OpenEndpoint | undefined> {
  if (name === 'health') return undefined;
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, needs.startPatienceMs ?? usualPatienceMs);
  await Promise.race([needs.settled, late]);
  clearTimeout(timer);
  return needs.endpoint();
}

/** What a POST carries; `undefined` where it was refused, or its sender is gone. */
async function bodyOf(visit: Visit, route: Route): Promise<RequestBody | undefined> {
  const { request, response, head } = visit;
  const { 'content-type': contentType, 'content-encoding': encoding } = request.headers;
  const type = bodyTypeOf(contentType);
  const isReadable = type !== undefined && (encoding === undefined || encoding === 'identity');
  if (route.readsBody && !isReadable) {
    head.push('accept-post', 'application/json, application/x-www-form-urlencoded');
    await refuse(visit, refusals.type, route);
    return undefined;
  }
  const reading = await readBytes(request, response, maxRequestBytes);
  if (reading.kind === 'too_large') await refuse(visit, refusals.size, route);
  if (reading.kind !== 'bytes') return undefined;
  if (!route.readsBody || type === undefined) return noBody;
  const parsed = readBody(type, reading.bytes);
  if (parsed.kind === 'body') return parsed.body;
  await refuse(visit, malformedRefusal(parsed.reason), route);
  return undefined;
}

/** Whether the client has used up a budget, or nobody can tell and this is subscribing; then it was refused. */
async function isBeyond(visit: Visit, budget: Budget, route?: Route): Promise<boolean> {
  const { needs, head, client, id } = visit;
  const verdict = await needs.limits.take(budget, client);
  if (verdict.kind === 'failed') {
    needs.log.failed('Limits cannot be counted.', verdict.error, id);
    if (budget !== 'subscribe') return false;
    head.push('retry-after', String(limiterRetrySeconds));
    await refuse(visit, refusals.limiter, route);
    return true;
  }
  head.push(...toldAllowance(verdict.allowance));
  if (verdict.kind === 'allowed') return false;
  head.push('retry-after', String(verdict.allowance.resetSeconds));
  await refuse(visit, refusals.limit, route);
  return true;
}

/** As the IETF's draft of the RateLimit fields has it (draft-ietf-httpapi-ratelimit-headers-10). */
function toldAllowance({ budget, quota, windowSeconds, remaining, resetSeconds }: Allowance): readonly string[] {
  return [
    ...['ratelimit-policy', `"${budget}";q=${quota};w=${windowSeconds}`],
    ...['ratelimit', `"${budget}";r=${remaining};t=${resetSeconds}`],
  ];
}
