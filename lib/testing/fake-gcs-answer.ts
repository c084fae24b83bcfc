import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { crc32c, type HeldObject, md5 } from './fake-gcs-store.ts';

/** What the fake answers: a status, headers, and JSON or bytes. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** The reasons that the JSON API gives for a status, where no other is named. */
const reasons: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'required',
  403: 'forbidden',
  404: 'notFound',
  410: 'gone',
  408: 'requestTimeout',
  412: 'conditionNotMet',
  429: 'rateLimitExceeded',
  500: 'internalError',
  503: 'backendError',
};

/** An answer in JSON. */
export function jsonAnswer(value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8', ...headers }, body };
}

/** An error as the JSON API words it. */
export function errorAnswer(status: number, message: string, reason = reasons[status] ?? 'unknown'): Answer {
  const errors = [{ message, domain: 'global', reason }];
  return { ...jsonAnswer({ error: { code: status, message, errors } }), status };
}

/**
 * The bytes of an object. One that is stored with `Content-Encoding: gzip` is sent so to who accepts it, and as plain
 * bytes to everybody else, unless it must not be transformed.
 */
export function mediaAnswer(object: HeldObject, request: IncomingMessage): Answer {
  const { contentType, contentEncoding, cacheControl, metadata } = object.fields;
  const isGzip = contentEncoding === 'gzip';
  const mayTransform = cacheControl?.includes('no-transform') !== true;
  const transcoded = isGzip && mayTransform && !acceptsGzip(request);
  const body = transcoded ? gunzipSync(object.bytes) : object.bytes;
  const headers: Record<string, string> = {
    'content-type': contentType ?? 'application/octet-stream',
    'cache-control': cacheControl ?? 'public, max-age=3600',
    'x-goog-generation': object.generation,
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(object.bytes.length),
    'x-goog-hash': `crc32c=${crc32c(object.bytes)},md5=${md5(object.bytes)}`,
    vary: 'Accept-Encoding',
  };
  for (const [key, value] of Object.entries(metadata ?? {})) headers[`x-goog-meta-${key}`] = encodeURI(value);
  if (contentEncoding !== undefined && !transcoded) headers['content-encoding'] = contentEncoding;
  if (transcoded) headers['warning'] = '214 UploadServer gunzipped';
  else headers['content-length'] = String(body.length);
  return { status: 200, headers, body };
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  return accepted.split(',').some((part) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/.test(part));
}

/** Send the answer; `cutAfter` ends the connection after so many bytes of it. */
export function send(response: ServerResponse, answer: Answer, cutAfter?: number): void {
  const { status, headers = {}, body } = answer;
  if (cutAfter === undefined) {
    response.writeHead(status, status === 204 ? headers : { 'content-length': String(body?.length ?? 0), ...headers });
    response.end(body);
    return;
  }
  response.writeHead(status, { 'content-length': String(body?.length ?? 0), ...headers });
  response.write(body?.subarray(0, cutAfter) ?? '', () => response.destroy());
}
