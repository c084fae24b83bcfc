import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, errorAnswer, send } from './fake-gcs-answer.ts';
import { type ApiRequest, answerApi, type Method } from './fake-gcs-api.ts';
import { Uploads } from './fake-gcs-resumable.ts';
import { emptyBucket, type HeldBucket, type HeldObject } from './fake-gcs-store.ts';

/** A request that the fake was asked, in the order of arrival from 1. */
export interface GcsCall {
  readonly number: number;
  readonly method: Method;
  readonly bucket: string;
  /** The object's name, without prefix or escapes; empty where there is none. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: number;
}

/** What goes wrong with a call, and whether what it asked for has happened all the same. */
export type GcsFault =
  /** An error; `happened`: although it was done. */
  | { readonly status: number; readonly happened?: boolean; readonly message?: string; readonly retryAfter?: string }
  /** The connection ends without an answer. */
  | { readonly broken: 'before' | 'after' }
  /** No answer for ever. */
  | { readonly silent: 'before' | 'after' }
  /** Of an answer, or of a part of a resumable upload, only so many bytes arrive; then the connection ends, or the status is sent. */
  | { readonly cutAfterBytes: number; readonly status?: number };

/** A bucket service on loopback that speaks the JSON API; `public.get` is `GET /BUCKET/NAME`, as a visitor asks. */
export interface FakeGcs extends AsyncDisposable {
  /** What a client is given as its endpoint. */
  readonly apiEndpoint: string;
  /** Every call since the start. */
  readonly calls: readonly GcsCall[];
  /** Decide what goes wrong; asked at every call. */
  fault: (call: GcsCall) => GcsFault | undefined;
  /** How long an answer takes. */
  latencyMs: number;
  readonly makeBucket: (name: string) => void;
  readonly dropBucket: (name: string) => void;
  readonly object: (bucket: string, name: string) => HeldObject | undefined;
  readonly names: (bucket: string) => string[];
  readonly settings: (bucket: string) => Readonly<Record<string, unknown>>;
  readonly policy: (bucket: string) => Readonly<Record<string, unknown>>;
}

/** Start one with a bucket of each of the names. */
export async function startFakeGcs(...names: readonly string[]): Promise<FakeGcs> {
  const buckets = new Map<string, HeldBucket>();
  const uploads = new Uploads(buckets);
  const calls: GcsCall[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const origin = `http://${request.headers.host}`;
      const asked = readRequest(request, body, uploads);
      const call = callOf(asked, calls.length + 1);
      calls.push(call);
      const fault = fake.fault(call);
      if (fake.latencyMs > 0) await wait(fake.latencyMs);
      reply(response, fault, (keep) =>
        asked.method === 'objects.insert' ? uploads.answer(asked, origin, keep) : answerApi(buckets, asked),
      );
    })().catch((error: unknown) => send(response, errorAnswer(500, `The fake broke: ${String(error)}`)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const makeBucket = (name: string) => {
    buckets.set(name, emptyBucket(name));
  };
  names.forEach(makeBucket);
  const fake: FakeGcs = {
    apiEndpoint: `http://127.0.0.1:${port}`,
    calls,
    fault: () => undefined,
    latencyMs: 0,
    makeBucket,
    dropBucket: (name) => void buckets.delete(name),
    object: (bucket, name) => buckets.get(bucket)?.objects.get(name),
    names: (bucket) => [...(buckets.get(bucket)?.objects.keys() ?? [])].sort(),
    settings: (bucket) => buckets.get(bucket)?.settings ?? {},
    policy: (bucket) => buckets.get(bucket)?.policy ?? {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** Do what was asked, or not, and answer, or not. */
function reply(response: ServerResponse, fault: GcsFault | undefined, work: (keep?: number) => Answer): void {
  if (fault === undefined) send(response, work());
  else if ('cutAfterBytes' in fault) cut(response, fault, work(fault.cutAfterBytes));
  else if ('broken' in fault) {
    if (fault.broken === 'after') work();
    response.destroy();
  } else if ('silent' in fault) {
    if (fault.silent === 'after') work();
  } else {
    if (fault.happened === true) work();
    const answer = errorAnswer(fault.status, fault.message ?? 'The service is in trouble.');
    const later = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    send(response, { ...answer, headers: { ...answer.headers, ...later } });
  }
}

function cut(response: ServerResponse, fault: { cutAfterBytes: number; status?: number }, answer: Answer): void {
  if (fault.status !== undefined) send(response, errorAnswer(fault.status, 'The service is in trouble.'));
  else if (answer.status === 308) response.destroy();
  else send(response, answer, fault.cutAfterBytes);
}

function readRequest(raw: IncomingMessage, body: Buffer, uploads: Uploads): ApiRequest {
  const [path = '/', search = ''] = (raw.url ?? '/').split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const [, kind = '', bucket = '', rest] =
    /^(?:\/(upload|download))?(?:\/storage\/v1)?\/b(?:\/([^/]+)(\/o.*|\/iam)?)?$/.exec(path) ?? [];
  if (path !== '/b' && !/^(?:\/(?:upload|download))?(?:\/storage\/v1)?\/b(?:\/|$)/.test(path))
    return publicRequest(raw, body, path, query);
  const name = decodeURIComponent(rest?.slice('/o/'.length) ?? '');
  const method = methodOf(raw.method ?? 'GET', kind, bucket, rest, query);
  const named = method === 'objects.insert' ? uploads.nameOf(query, body, raw.headers['content-type'] ?? '') : name;
  return { method, bucket: decodeURIComponent(bucket), name: named, query, body, raw };
}

function publicRequest(raw: IncomingMessage, body: Buffer, path: string, query: URLSearchParams): ApiRequest {
  const [, bucket = '', name = ''] = /^\/([^/]+)\/(.*)$/s.exec(path) ?? [];
  const method = raw.method === 'GET' ? 'public.get' : 'unknown';
  return { method, bucket, name: decodeURIComponent(name), query, body, raw };
}

function methodOf(
  verb: string,
  kind: string,
  bucket: string,
  rest: string | undefined,
  query: URLSearchParams,
): Method {
  if (kind === 'upload') return 'objects.insert';
  if (bucket === '') return verb === 'POST' ? 'buckets.insert' : 'unknown';
  if (rest === undefined) return verb === 'GET' ? 'buckets.get' : verb === 'PATCH' ? 'buckets.patch' : 'unknown';
  if (rest === '/iam')
    return verb === 'GET' ? 'buckets.getIamPolicy' : verb === 'PUT' ? 'buckets.setIamPolicy' : 'unknown';
  if (rest === '/o') return verb === 'GET' ? 'objects.list' : 'unknown';
  if (verb === 'GET') return kind === 'download' || query.get('alt') === 'media' ? 'objects.download' : 'objects.get';
  return verb === 'DELETE' ? 'objects.delete' : verb === 'PATCH' ? 'objects.patch' : 'unknown';
}

function callOf({ method, bucket, name, query, raw, body }: ApiRequest, number: number): GcsCall {
  return { number, method, bucket, name, query: Object.fromEntries(query), headers: raw.headers, bytes: body.length };
}
