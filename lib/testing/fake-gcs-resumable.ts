import { type Answer, errorAnswer } from './fake-gcs-answer.ts';
import { type ApiRequest, failedPrecondition, insertObject } from './fake-gcs-api.ts';
import { type HeldBucket, objectResource } from './fake-gcs-store.ts';
import { openSession, parseFields, parseMultipart, parseRange, type Session } from './fake-gcs-uploads.ts';

/** What is sent in parts has to be a multiple of this, but for the last part. */
const granule = 256 * 1024;

/** Where uploads arrive: one request, or a session whose parts may be interrupted. */
export class Uploads {
  readonly #buckets: Map<string, HeldBucket>;
  readonly #sessions = new Map<string, Session>();

  constructor(buckets: Map<string, HeldBucket>) {
    this.#buckets = buckets;
  }

  /** The name of the object that the request is about, which may stand in the address, in the body or in the session. */
  nameOf(query: URLSearchParams, body: Buffer, contentType: string): string {
    const session = this.#sessions.get(query.get('upload_id') ?? '');
    const named = query.get('name') ?? session?.name;
    if (named !== undefined) return named;
    const fields =
      query.get('uploadType') === 'multipart' ? parseMultipart(body, contentType)?.fields : parseFields(body);
    return fields?.name ?? '';
  }

  /** Answer an upload; of a part, `keep` bytes arrive at most. */
  answer(request: ApiRequest, origin: string, keep?: number): Answer {
    const session = this.#sessions.get(request.query.get('upload_id') ?? '');
    if (session !== undefined) return this.#continue(session, request, keep);
    if (request.query.has('upload_id')) return errorAnswer(404, 'No such upload.');
    const bucket = this.#buckets.get(request.bucket);
    if (bucket === undefined) return errorAnswer(404, 'The specified bucket does not exist.');
    if (request.name === '') return errorAnswer(400, 'Required: name');
    switch (request.query.get('uploadType')) {
      case 'multipart': {
        const upload = parseMultipart(request.body, request.raw.headers['content-type'] ?? '');
        if (upload === undefined) return errorAnswer(400, 'Malformed multipart body.');
        return insertObject(bucket, request.name, upload, request.query);
      }
      case 'media': {
        const fields = { contentType: request.raw.headers['content-type'] };
        return insertObject(bucket, request.name, { fields, bytes: request.body }, request.query);
      }
      case 'resumable':
        return this.#begin(bucket, request, origin);
      default:
        return errorAnswer(400, 'Invalid upload request.');
    }
  }

  #begin(bucket: HeldBucket, request: ApiRequest, origin: string): Answer {
    const failed = failedPrecondition(bucket.objects.get(request.name), request.query);
    if (failed !== undefined) return failed;
    const fields = parseFields(request.body);
    if (fields === undefined) return errorAnswer(400, 'Parse Error');
    const typed = request.raw.headers['x-upload-content-type'];
    const contentType = typeof typed === 'string' ? { contentType: typed } : {};
    const session = openSession(request.bucket, request.name, request.query, { ...fields, ...contentType });
    this.#sessions.set(session.id, session);
    const location = `${origin}/upload/storage/v1/b/${request.bucket}/o?uploadType=resumable&upload_id=${session.id}`;
    return { status: 200, headers: { location } };
  }

  #continue(session: Session, request: ApiRequest, keep: number | undefined): Answer {
    if (session.done !== undefined) return this.#finished(session);
    const { start, total } = parseRange(request.raw.headers['content-range']);
    if (start !== undefined) {
      if (start > session.received.length) return errorAnswer(400, 'The bytes do not follow those that arrived.');
      const fresh = request.body.subarray(session.received.length - start, keep);
      session.received = Buffer.concat([session.received, fresh]);
    }
    const isWhole = keep === undefined && (total ?? (start === undefined ? undefined : start + request.body.length));
    if (isWhole === session.received.length) return this.#complete(session);
    if (keep === undefined && start !== undefined && session.received.length % granule !== 0) {
      return errorAnswer(400, 'A part that is not the last is a multiple of 256 KiB.');
    }
    const held = session.received.length;
    return { status: 308, headers: held === 0 ? {} : { range: `bytes=0-${held - 1}` } };
  }

  #complete(session: Session): Answer {
    const bucket = this.#buckets.get(session.bucket);
    if (bucket === undefined) return errorAnswer(404, 'The specified bucket does not exist.');
    const upload = { fields: session.fields, bytes: session.received };
    const answer = insertObject(bucket, session.name, upload, session.query);
    const generation = bucket.objects.get(session.name)?.generation;
    if (answer.status === 200 && generation !== undefined) session.done = { generation };
    return answer;
  }

  #finished(session: Session): Answer {
    const object = this.#buckets.get(session.bucket)?.objects.get(session.name);
    if (object === undefined) return errorAnswer(404, 'No such upload.');
    const body = Buffer.from(JSON.stringify(objectResource(session.bucket, object)));
    return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body };
  }
}
