import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { AnswerHead } from '../../policy/http-expectation.ts';
import type { HttpRequest } from '../../policy/http-redirect.ts';
import type { Sample } from '../../schema/sample.ts';
import type { AskContext } from './ask.ts';
import { type Connected, connectGuarded, connectSecurely } from './connect.ts';
import { failed, sampleOfError } from './error-sample.ts';
import { clientOn } from './http-client.ts';

/** The head of an answer, its body unread. `close` ends the connection, however much of the body there still is. */
export interface Answer extends AnswerHead {
  readonly kind: 'answered';
  /** When connecting began, by the monotonic clock. */
  readonly begunAtMs: number;
  readonly body: Readable;
  /** Of a connection over TLS: what the server showed when it was opened. */
  readonly security: { readonly certificate: X509Certificate | undefined } | undefined;
  readonly close: () => void;
}

/**
 * Send one request over a connection of its own and wait for the head of the answer; redirections are not followed. Each
 * request connects anew: an old connection to a server that takes no new ones would hide that nobody else gets in.
 */
export async function exchange(
  request: HttpRequest,
  context: AskContext,
): Promise<Answer | { readonly kind: 'none'; readonly sample: Sample }> {
  const connection = await connectTo(request.url, context);
  if (connection.kind === 'none') return connection;
  const { socket, begunAtMs } = connection;
  const security = socket instanceof TLSSocket ? { certificate: socket.getPeerX509Certificate() } : undefined;
  const client = clientOn(socket, request.url.origin);
  const close = () => void socket.destroy();
  try {
    const { statusCode, headers, body } = await client.request({
      path: `${request.url.pathname}${request.url.search}`,
      method: request.method,
      headers: Object.fromEntries([...ownHeaders, ...request.headers]),
      body: request.body ?? null,
      reset: true,
      onInfo: endsAfterTooMany(socket),
    });
    body.on('error', () => undefined); // Whoever reads it is told; nobody else needs to be.
    return { kind: 'answered', status: statusCode, headers: textsOf(headers), begunAtMs, body, security, close };
  } catch (error) {
    close();
    return {
      kind: 'none',
      sample: context.signal.aborted ? failed('timeout') : sampleOfError(error, 'protocol_error'),
    };
  }
}

/** What every request says, unless the probe's file says otherwise. Answers are asked for as visitors get them. */
const ownHeaders: readonly (readonly [string, string])[] = [
  ['accept', '*/*'],
  ['accept-encoding', 'gzip, deflate, br, zstd'],
  ['user-agent', 'Candor (status page probe)'],
];

function connectTo(url: URL, context: AskContext): Promise<Connected<Socket>> {
  const isSecure = url.protocol === 'https:';
  const target = { host: url.hostname, port: Number(url.port) || (isSecure ? 443 : 80) };
  return isSecure ? connectSecurely({ ...target, alpn: ['http/1.1'] }, context) : connectGuarded(target, context);
}

/** A few interim answers are normal; a server that sends nothing else is cut off. */
function endsAfterTooMany(socket: Socket): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > mostInterimAnswers) socket.destroy(new InterimAnswersError());
  };
}

const mostInterimAnswers = 20;

class InterimAnswersError extends Error {
  readonly code = 'HPE_TOO_MANY_INTERIM_ANSWERS';
}

function textsOf(headers: Readonly<Record<string, string | string[] | undefined>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')]));
}
