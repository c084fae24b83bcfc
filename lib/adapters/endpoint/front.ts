import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { clientOf } from '../../policy/client-address.ts';
import { maxRequestBytes } from '../../policy/constants.ts';
import type { AuditQuestion, EndpointCall, EndpointFacts, Refusal } from '../../subscriptions/endpoint-call.ts';
import { bodyTypeOf, type RequestBody, readBody } from '../../subscriptions/request-body.ts';
import type { AnswerByRoute } from './astro-routes.ts';
import type { EndpointLog } from './endpoint-log.ts';
import type { Allowance, Limits } from './limits.ts';
import { answerUnread, readBytes } from './read-bytes.ts';
import { refusal, refusals } from './refusals.ts';
import { type Budget, type Place, placeOf, type Route, templatePath } from './route-table.ts';

/** What answers once a request has passed. */
export interface OpenEndpoint {
  readonly facts: EndpointFacts;
  readonly answer: AnswerByRoute;
  /** What a route needs besides the request itself. */
  readonly call: (question: AuditQuestion) => Pick<EndpointCall, 'service' | 'audit' | 'health'>;
  /** A refusal as a page in the style of the others, in UTF-8. */
  readonly refusalPage: (refusal: Refusal, facts: EndpointFacts) => Promise<Uint8Array>;
}

/** What stands in front of the endpoint. */
export interface FrontNeeds {
  /** Folders below which the endpoint answers, each with a slash at both ends. */
  readonly bases: () => readonly string[];
  /** Absent while it is not ready; everything else is answered meanwhile. */
  readonly endpoint: () => OpenEndpoint | undefined;
  /** Answers for everything that is no matter of the endpoint. */
  readonly page: RequestListener;
  readonly limits: Limits;
  readonly trustedProxies: number;
  readonly log: EndpointLog;
  readonly now: () => Date;
}

/** One request on its way. */
interface Visit {
  readonly needs: FrontNeeds;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  readonly client: string;
}

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
    const visit = { needs, request, response, id: randomUUID(), client: clientIn(request, needs) };
    response.setHeader('x-request-id', visit.id);
    noteEnd(visit, place);
    answer(visit, place).catch((error: unknown) => {
      needs.log.failed('A request could not be answered.', error, visit.id);
      if (response.headersSent) response.destroy();
      else void refuse(visit, refusals.fault);
    });
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function clientIn({ socket, headers }: IncomingMessage, { trustedProxies }: FrontNeeds): string {
  const forwarded = headers['x-forwarded-for'];
  const forwardedFor = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return clientOf({ peer: socket.remoteAddress, forwardedFor, trustedProxies });
}

function noteEnd({ needs, request, response, id }: Visit, place: Place): void {
  const began = needs.now().getTime();
  const { method = '' } = request;
  response.once('close', () => {
    const route = place.kind === 'route' ? place.route.name : place.kind;
    const ms = needs.now().getTime() - began;
    needs.log.request({ request_id: id, method: methodName(method), route, status: response.statusCode, ms });
  });
}

/** Node lets methods of WebDAV through; a log needs no more than that it was another one. */
function methodName(method: string): string {
  return ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'].includes(method) ? method : 'other';
}

async function answer(visit: Visit, place: Place): Promise<void> {
  const { needs, request, response } = visit;
  if (place.kind === 'file') {
    if (await isBeyond(visit, 'read')) return;
    needs.page(request, response);
    return;
  }
  for (const [name, value] of strictHeaders) response.setHeader(name, value);
  if (place.kind === 'nothing') {
    if (!(await isBeyond(visit, 'read'))) await refuse(visit, refusals.nothing);
    return;
  }
  await answerRoute(visit, place.route, place.token);
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
const strictHeaders = new Map([
  ['cache-control', 'no-store'],
  ['content-security-policy', policy],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-robots-tag', 'noindex'],
]);

async function answerRoute(visit: Visit, route: Route, token: string): Promise<void> {
  const { needs, request, response } = visit;
  const { method = '' } = request;
  if (route.isForScripts) admitScripts(visit);
  const allowed = [...route.methods, 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') {
    response.writeHead(204, { allow: allowed }).end();
    return;
  }
  if (!route.methods.includes(method)) {
    response.setHeader('allow', allowed);
    await refuse(visit, refusals.method, route);
    return;
  }
  const acts = method === 'POST';
  const body = acts ? await bodyOf(visit, route) : noBody;
  if (body === undefined) return;
  const budget = acts ? route.actBudget : route.lookBudget;
  if (budget !== undefined && (await isBeyond(visit, budget, route))) return;
  const endpoint = needs.endpoint();
  if (endpoint === undefined) {
    await refuse(visit, refusals.starting, route);
    return;
  }
  const answersJson = asksForJson(request, route);
  const call = { facts: endpoint.facts, acts, token, body, answersJson, ...endpoint.call(questionOf(request)) };
  await endpoint.answer(request, response, templatePath(route), call);
}

function questionOf({ headers, url = '/' }: IncomingMessage): AuditQuestion {
  const [, ...query] = url.split('?');
  return { authorization: headers.authorization, query: query.join('?') };
}

const noBody: RequestBody = { kind: 'form', fields: new Map() };

/** Scripts of the page itself may subscribe, also where the page lies elsewhere; those of other pages get no answer to read. */
function admitScripts({ needs, request, response }: Visit): void {
  const { origin } = request.headers;
  response.setHeader('vary', 'Origin');
  const page = needs.endpoint()?.facts.page.url;
  if (origin === undefined || page === undefined || origin !== new URL(page).origin) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'POST');
  response.setHeader('access-control-allow-headers', 'Content-Type');
  response.setHeader('access-control-max-age', '7200');
}

/** What a POST carries; `undefined` where it was refused, or its sender is gone. */
async function bodyOf(visit: Visit, route: Route): Promise<RequestBody | undefined> {
  const { request, response } = visit;
  const { 'content-type': contentType, 'content-encoding': encoding } = request.headers;
  const type = bodyTypeOf(contentType);
  const isReadable = type !== undefined && (encoding === undefined || encoding === 'identity');
  if (route.readsBody && !isReadable) {
    response.setHeader('accept-post', 'application/json, application/x-www-form-urlencoded');
    await refuse(visit, refusals.type, route);
    return undefined;
  }
  const reading = await readBytes(request, response, maxRequestBytes);
  if (reading.kind === 'too_large') await refuse(visit, refusals.size, route);
  if (reading.kind !== 'bytes') return undefined;
  if (!route.readsBody || type === undefined) return noBody;
  const parsed = readBody(type, reading.bytes);
  if (parsed.kind === 'body') return parsed.body;
  await refuse(visit, refusal('malformed', parsed.reason), route);
  return undefined;
}

/** Whether the client has used up a budget, or nobody can tell and this is subscribing; then it was refused. */
async function isBeyond(visit: Visit, budget: Budget, route?: Route): Promise<boolean> {
  const { needs, response, client, id } = visit;
  const verdict = await needs.limits.take(budget, client);
  if (verdict.kind === 'failed') {
    needs.log.failed('Limits cannot be counted.', verdict.error, id);
    if (budget !== 'subscribe') return false;
    response.setHeader('retry-after', String(limiterRetrySeconds));
    await refuse(visit, refusals.limiter, route);
    return true;
  }
  tellAllowance(response, verdict.allowance);
  if (verdict.kind === 'allowed') return false;
  response.setHeader('retry-after', String(verdict.allowance.resetSeconds));
  await refuse(visit, refusals.limit, route);
  return true;
}

const limiterRetrySeconds = 60;
const startRetrySeconds = 10;

/** As the IETF's draft of the RateLimit fields has it (draft-ietf-httpapi-ratelimit-headers-10). */
function tellAllowance(response: ServerResponse, { budget, quota, windowSeconds, remaining, resetSeconds }: Allowance) {
  response.setHeader('ratelimit-policy', `"${budget}";q=${quota};w=${windowSeconds}`);
  response.setHeader('ratelimit', `"${budget}";r=${remaining};t=${resetSeconds}`);
}

function asksForJson({ headers }: IncomingMessage, route?: Route): boolean {
  const { accept = '', 'content-type': contentType } = headers;
  if (route?.answersJsonAlone === true || bodyTypeOf(contentType) === 'json') return true;
  return accept.includes('application/json') && !accept.includes('text/html');
}

/** Answer with a refusal: as a page to people, as JSON to programs. */
async function refuse(visit: Visit, refused: Refusal, route?: Route): Promise<void> {
  const { needs, request, response } = visit;
  const { status, document } = refused;
  if (refused === refusals.starting) response.setHeader('retry-after', String(startRetrySeconds));
  const endpoint = needs.endpoint();
  const [type, bytes] =
    asksForJson(request, route) || endpoint === undefined
      ? ['application/json', Buffer.from(`${JSON.stringify(document)}\n`)]
      : ['text/html; charset=utf-8', await endpoint.refusalPage(refused, endpoint.facts)];
  const isUnread = !request.readableEnded && hasBody(request);
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    ...(isUnread ? { connection: 'close' } : {}),
  });
  if (isUnread) answerUnread(request, response, bytes);
  else response.end(bytes);
}

function hasBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || Number(length) > 0;
}
