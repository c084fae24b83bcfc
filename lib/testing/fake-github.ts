import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { GithubAccess } from '../adapters/github-api.ts';
import { countConnections } from './counting-server.ts';
import { type Operation, operationFor } from './github-description.ts';

/** A request that the fake was asked. */
export interface GithubCall {
  /** Of GitHub's description, such as `GET /user`. */
  readonly route: string;
  /** The path and query as they came. */
  readonly url: string;
  readonly token: string | undefined;
  readonly body: unknown;
}

/** What goes wrong with a call: an error, a body that is none of GitHub's, no answer for ever, or a connection that ends. */
export type GithubFault =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      readonly body?: string;
    }
  | 'silent'
  | 'broken';

/** What a route answers: a body that GitHub's description allows; by default with status 200. */
export type GithubRoute = (
  places: Readonly<Record<string, string>>,
  asked: { readonly query: URLSearchParams; readonly body: unknown },
) => unknown;

/** An answer of another status than 200. */
export class OtherAnswer {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

/**
 * GitHub's API on loopback. It answers the routes that it is given, holds every request and every answer of its own
 * against the description that GitHub publishes, and fails when it is closed where one of them broke it.
 */
export interface FakeGithub extends AsyncDisposable {
  readonly access: GithubAccess;
  readonly calls: readonly GithubCall[];
  /** Decide what goes wrong; asked at every call, with its number from 1. */
  fault: (call: GithubCall, number: number) => GithubFault | undefined;
}

/** Start one that answers these routes, and 404 to any other. */
export async function startFakeGithub(routes: Readonly<Record<string, GithubRoute>>): Promise<FakeGithub> {
  const calls: GithubCall[] = [];
  const violations: string[] = [];
  const server = createServer((request, response) => {
    const handled = (async () => {
      const { operation, call, query } = await readCall(request);
      violations.push(
        ...(operation?.violations ?? [`${call.route} is not described`]).map((one) => `${call.url}: ${one}`),
      );
      calls.push(call);
      const fault = fake.fault(call, calls.length);
      if (fault === 'silent') return;
      if (fault === 'broken') request.socket.destroy();
      else if (fault !== undefined) refuse(response, fault);
      else if (call.token === undefined) refuse(response, { status: 401, message: 'Requires authentication' });
      else violations.push(...answer(response, routes[call.route], operation, { query, body: call.body }));
    })();
    handled.catch((error: unknown) => {
      violations.push(String(error));
      request.socket.destroy();
    });
  });
  const listening = await countConnections(server);
  const fake: FakeGithub = {
    access: { apiUrl: `http://127.0.0.1:${listening.port}`, token: 't0' },
    calls,
    fault: () => undefined,
    [Symbol.asyncDispose]: async () => {
      await listening[Symbol.asyncDispose]();
      if (violations.length > 0) throw new Error(`GitHub's description does not allow this:\n${violations.join('\n')}`);
    },
  };
  return fake;
}

/** An account, as it stands in GitHub's answers. */
export function githubAccount(login: string, id: number) {
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  const addresses = [
    ...['followers', 'following', 'gists', 'starred', 'subscriptions', 'organizations', 'repos', 'events'],
    ...['received_events', 'avatar', 'html'],
  ].map((name) => [`${name}_url`, `${url}/${name}`]);
  const facts = { login, id, node_id: `U_${id}`, gravatar_id: null, url, type: 'User', site_admin: false };
  return { ...Object.fromEntries(addresses), ...facts };
}

/** What GitHub answers to `GET /user`. */
export function githubSelf(login: string, id: number) {
  const unsaid = ['name', 'company', 'blog', 'location', 'email', 'hireable', 'bio'].map((key) => [key, null]);
  const counts = ['public_repos', 'public_gists', 'followers', 'following'].map((key) => [key, 0]);
  const since = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
  return { ...githubAccount(login, id), ...Object.fromEntries([...unsaid, ...counts]), ...since };
}

/** What GitHub answers when it is asked for the permission of an account. */
export function githubPermission(login: string, id: number, permission: string, role_name: string) {
  return { permission, role_name, user: { ...githubAccount(login, id), role_name } };
}

async function readCall(request: IncomingMessage) {
  const bytes = await buffer(request);
  const { method = '', url = '' } = request;
  const { pathname: path, searchParams: query } = new URL(url, 'http://127.0.0.1');
  const body: unknown = bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
  const operation = operationFor({ method, path, query, body });
  const token = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const call: GithubCall = { route: operation?.route ?? `${method} ${path}`, url: `${method} ${url}`, token, body };
  return { operation, call, query };
}

function answer(
  response: ServerResponse,
  route: GithubRoute | undefined,
  operation: Operation | undefined,
  asked: { readonly query: URLSearchParams; readonly body: unknown },
): string[] {
  const made = operation === undefined ? undefined : route?.(operation.places, asked);
  if (operation === undefined || made === undefined) {
    refuse(response, { status: 404, message: 'Not Found' });
    return [];
  }
  const { status, body } = made instanceof OtherAnswer ? made : { status: 200, body: made };
  send(response, status, JSON.stringify(body ?? null), {});
  return operation.answerViolations(status, body);
}

function refuse(
  response: ServerResponse,
  { status, headers = {}, message = 'No', body }: Exclude<GithubFault, string>,
) {
  send(response, status, body ?? JSON.stringify({ message }), headers);
}

function send(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>>) {
  if (status === 204) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body);
}
