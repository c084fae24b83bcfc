import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientOf } from '../../policy/client-address.ts';
import type { Refusal } from '../../subscriptions/endpoint-call.ts';
import { bodyTypeOf } from '../../subscriptions/request-body.ts';
import type { RouteAnswer } from './astro-routes.ts';
import type { FrontNeeds } from './front-needs.ts';
import { answerUnread, canReadOn } from './read-bytes.ts';
import type { Place, Route } from './route-table.ts';

/** One request on its way. */
export interface Visit {
  readonly needs: FrontNeeds;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  readonly client: string;
  /** The headers of its answer so far, names and values in turn: Node writes a list at once faster than one by one. */
  readonly head: string[];
}

/** A request as it begins; its end is noted in the log, whatever becomes of it. */
export function visitOf(needs: FrontNeeds, request: IncomingMessage, response: ServerResponse, place: Place): Visit {
  const id = randomUUID();
  const began = needs.now().getTime();
  const route = place.kind === 'route' ? place.route.name : place.kind;
  const method = methodName(request);
  response.on('close', () => {
    const ms = needs.now().getTime() - began;
    needs.log.request({ request_id: id, method, route, status: response.statusCode, ms });
  });
  return { needs, request, response, id, client: clientIn(request, needs), head: ['x-request-id', id] };
}

const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** Node lets methods of WebDAV through; a log needs no more than that it was another one. */
function methodName({ method = '' }: IncomingMessage): string {
  return methods.has(method) ? method : 'other';
}

function clientIn({ socket, headers }: IncomingMessage, { trustedProxies }: FrontNeeds): string {
  const forwarded = headers['x-forwarded-for'];
  const forwardedFor = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return clientOf({ peer: socket.remoteAddress, forwardedFor, trustedProxies });
}

/** Whether a program asks, and not a person with a browser. */
export function asksForJson({ headers }: IncomingMessage, route?: Route): boolean {
  const { accept = '', 'content-type': contentType } = headers;
  if (route?.answersJsonAlone === true || bodyTypeOf(contentType) === 'json') return true;
  return accept.includes('application/json') && !accept.includes('text/html');
}

/** Answer with a refusal: as a page to people, as JSON to programs, and while there are no pages. */
export async function refuse(visit: Visit, refused: Refusal, route?: Route): Promise<void> {
  const { needs, request } = visit;
  const endpoint = needs.endpoint();
  const page = asksForJson(request, route) ? undefined : await pageOf(visit, refused, endpoint);
  const type = page === undefined ? 'application/json' : 'text/html; charset=utf-8';
  send(visit, { status: refused.status, headers: ['content-type', type], bytes: page ?? jsonOf(refused) });
}

const written = new WeakMap<Refusal, Uint8Array>();

function jsonOf(refused: Refusal): Uint8Array {
  const bytes = written.get(refused) ?? Buffer.from(`${JSON.stringify(refused.document)}\n`);
  written.set(refused, bytes);
  return bytes;
}

/** A template that fails must not take the words of a refusal with it. */
async function pageOf(
  { needs, id }: Visit,
  refused: Refusal,
  endpoint: ReturnType<FrontNeeds['endpoint']>,
): Promise<Uint8Array | undefined> {
  try {
    return await endpoint?.refusalPage(refused);
  } catch (error) {
    needs.log.failed('The page of a refusal could not be made.', error, id);
    return undefined;
  }
}

/** Write an answer; what the client may still send of its request is thrown away. */
export function send({ request, response, head }: Visit, { status, headers, bytes }: RouteAnswer): void {
  const readsOn = canReadOn(request);
  const last = readsOn ? [] : ['connection', 'close'];
  response.writeHead(status, [...head, ...headers, 'content-length', String(bytes.length), ...last]);
  if (readsOn) response.end(bytes);
  else answerUnread(request, response, bytes);
}
