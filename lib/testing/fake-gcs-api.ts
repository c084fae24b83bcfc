import type { IncomingMessage } from 'node:http';
import { type Answer, errorAnswer, jsonAnswer, mediaAnswer } from './fake-gcs-answer.ts';
import {
  bucketResource,
  crc32c,
  emptyBucket,
  type HeldBucket,
  type HeldObject,
  md5,
  nextGeneration,
  objectResource,
  selectFields,
} from './fake-gcs-store.ts';
import { keptFields, type UploadFields } from './fake-gcs-uploads.ts';

/** The methods of the JSON API that the fake knows, and `public.get`, which is what a visitor asks. */
export type Method =
  | 'buckets.get'
  | 'buckets.insert'
  | 'buckets.patch'
  | 'buckets.getIamPolicy'
  | 'buckets.setIamPolicy'
  | 'objects.insert'
  | 'objects.get'
  | 'objects.download'
  | 'objects.list'
  | 'objects.delete'
  | 'objects.patch'
  | 'public.get'
  | 'unknown';

/** One request, as far as the API is concerned. */
export interface ApiRequest {
  readonly method: Method;
  readonly bucket: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly raw: IncomingMessage;
}

/** Answer everything but uploads. */
export function answerApi(buckets: Map<string, HeldBucket>, request: ApiRequest): Answer {
  if (request.method === 'unknown') return errorAnswer(404, 'Not Found');
  if (request.method === 'buckets.insert') return insertBucket(buckets, request);
  const bucket = buckets.get(request.bucket);
  if (bucket === undefined) return errorAnswer(404, 'The specified bucket does not exist.');
  const object = bucket.objects.get(request.name);
  if (request.method.startsWith('buckets.')) return bucketCall(bucket, request);
  if (request.method === 'objects.list') return list(bucket, request.query);
  if (object === undefined && request.query.get('ifGenerationMatch') !== '0') return noObject(request);
  return failedPrecondition(object, request.query) ?? objectCall(bucket, object, request);
}

/** The answer where a precondition of the request does not hold for what is there; `undefined` where all hold. */
export function failedPrecondition(object: HeldObject | undefined, query: URLSearchParams): Answer | undefined {
  const generation = object?.generation ?? '0';
  const metageneration = String(object?.metageneration ?? 0);
  const conditions = [
    ['ifGenerationMatch', (wanted: string) => wanted === generation],
    ['ifGenerationNotMatch', (wanted: string) => wanted !== generation],
    ['ifMetagenerationMatch', (wanted: string) => wanted === metageneration],
    ['ifMetagenerationNotMatch', (wanted: string) => wanted !== metageneration],
  ] as const;
  const failed = conditions.some(([key, holds]) => query.get(key) !== null && !holds(query.get(key) ?? ''));
  return failed ? errorAnswer(412, 'At least one of the pre-conditions you specified did not hold.') : undefined;
}

/** Keep the bytes as the object's next generation, where its preconditions hold and its hashes are right. */
export function insertObject(
  bucket: HeldBucket,
  name: string,
  upload: { readonly fields: UploadFields; readonly bytes: Buffer },
  query: URLSearchParams,
): Answer {
  const failed = failedPrecondition(bucket.objects.get(name), query);
  if (failed !== undefined) return failed;
  const { fields, bytes } = upload;
  if (fields.md5Hash !== undefined && fields.md5Hash !== md5(bytes))
    return errorAnswer(400, 'MD5 hash does not match.');
  if (fields.crc32c !== undefined && fields.crc32c !== crc32c(bytes)) return errorAnswer(400, 'CRC32C does not match.');
  const object = { name, bytes, generation: nextGeneration(), metageneration: 1, fields: keptFields(fields) };
  bucket.objects.set(name, object);
  return jsonAnswer(selectFields(objectResource(bucket.name, object), query.get('fields')));
}

function objectCall(bucket: HeldBucket, object: HeldObject | undefined, request: ApiRequest): Answer {
  const wanted = request.query.get('generation');
  if (object === undefined || (wanted !== null && wanted !== object.generation)) return noObject(request);
  if (request.method === 'objects.download' || request.method === 'public.get') return mediaAnswer(object, request.raw);
  if (request.method === 'objects.delete') {
    bucket.objects.delete(request.name);
    return { status: 204 };
  }
  const shown = request.method === 'objects.patch' ? patched(bucket, object, request.body) : object;
  return jsonAnswer(selectFields(objectResource(bucket.name, shown), request.query.get('fields')));
}

function patched(bucket: HeldBucket, object: HeldObject, body: Buffer): HeldObject {
  const fields = { ...object.fields, ...JSON.parse(body.toString()) };
  const changed = { ...object, fields, metageneration: object.metageneration + 1 };
  bucket.objects.set(object.name, changed);
  return changed;
}

function noObject({ bucket, name, method }: ApiRequest): Answer {
  return method === 'public.get'
    ? { status: 404, headers: { 'content-type': 'application/xml' }, body: Buffer.from('<Error/>') }
    : errorAnswer(404, `No such object: ${bucket}/${name}`);
}

/** Names in the order of their bytes, a page at a time; the token is the last name of the page before. */
function list(bucket: HeldBucket, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('pageToken');
  const most = Math.min(Number(query.get('maxResults') ?? 1000), 1000);
  const matching = [...bucket.objects.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const start = after === null ? 0 : matching.findIndex(({ name }) => tokenOf(name) === after) + 1;
  const page = matching.slice(start, start + most);
  const last = page.at(-1);
  const more = last !== undefined && start + most < matching.length ? { nextPageToken: tokenOf(last.name) } : {};
  const items = page.length === 0 ? {} : { items: page.map((object) => objectResource(bucket.name, object)) };
  return jsonAnswer(selectFields({ kind: 'storage#objects', ...more, ...items }, query.get('fields')));
}

function tokenOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function bucketCall(bucket: HeldBucket, { method, query, body }: ApiRequest): Answer {
  if (method === 'buckets.getIamPolicy') return jsonAnswer(bucket.policy);
  if (method === 'buckets.setIamPolicy') return setPolicy(bucket, body);
  const wanted = query.get('ifMetagenerationMatch');
  if (wanted !== null && wanted !== String(bucket.metageneration)) {
    return errorAnswer(412, 'At least one of the pre-conditions you specified did not hold.');
  }
  if (method === 'buckets.patch') {
    bucket.settings = { ...bucket.settings, ...JSON.parse(body.toString()) };
    bucket.metageneration += 1;
  }
  return jsonAnswer(selectFields(bucketResource(bucket), query.get('fields')));
}

function setPolicy(bucket: HeldBucket, body: Buffer): Answer {
  const { etag, ...policy } = JSON.parse(body.toString());
  if (etag !== undefined && etag !== bucket.policy['etag']) return errorAnswer(412, 'The policy was changed.');
  bucket.policy = { ...policy, etag: nextGeneration() };
  return jsonAnswer(bucket.policy);
}

function insertBucket(buckets: Map<string, HeldBucket>, { body }: ApiRequest): Answer {
  const { name, ...settings } = JSON.parse(body.toString());
  if (buckets.has(name)) return errorAnswer(409, 'The requested bucket name is not available.', 'conflict');
  const bucket = { ...emptyBucket(name), settings };
  buckets.set(name, bucket);
  return jsonAnswer(bucketResource(bucket));
}
