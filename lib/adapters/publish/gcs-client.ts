import { randomUUID } from 'node:crypto';
import type { Bucket } from '@google-cloud/storage';
import { z } from 'zod';
import type { ExternalCredentials } from '../workload-identity.ts';
import type { StoredObject, Upload } from './gcs-bucket.ts';
import { download } from './gcs-download.ts';
import { askDirectly } from './gcs-http.ts';

/** One request each (a large upload: two or more), without any retry. Errors are those of the library. */
export interface BucketCalls {
  readonly page: (prefix: string, token: string | undefined) => Promise<ObjectPage>;
  readonly get: (name: string) => Promise<StoredObject>;
  readonly download: (name: string, generation: string) => Promise<Buffer>;
  readonly insert: (upload: Upload, generation: string | undefined) => Promise<StoredObject>;
  /** Announce a large upload; resolves to the address that its parts go to. */
  readonly announce: (upload: Upload, generation: string | undefined) => Promise<string>;
  /** How many bytes have arrived at the address, or the object where all have. */
  readonly arrived: (upload: Upload, uri: string) => Promise<number | StoredObject>;
  /** Send the address what it has not got yet. */
  readonly proceed: (upload: Upload, uri: string, arrived: number) => Promise<StoredObject>;
  readonly remove: (name: string, generation: string) => Promise<void>;
  readonly settings: () => Promise<Record<string, unknown>>;
  readonly configure: (settings: Record<string, unknown>, metageneration: string) => Promise<Record<string, unknown>>;
  readonly policy: () => Promise<AccessPolicy>;
  readonly grant: (policy: AccessPolicy) => Promise<void>;
}

/** How the service is reached. */
export interface ClientOptions {
  /** Where the JSON API answers instead of Google's address; without `credentials` it is asked without any. */
  readonly apiEndpoint: string | undefined;
  /** Who asks, as a credential configuration file would say it; by default as Google's client finds out. */
  readonly credentials?: ExternalCredentials | undefined;
}

/** A page of a list, and where the next begins. */
export interface ObjectPage {
  readonly objects: readonly (StoredObject & { readonly name: string })[];
  readonly next: string | undefined;
}

const idText = z.union([z.string(), z.number()]).transform(String);
const ObjectResource = z
  .object({ generation: idText, md5Hash: z.string().optional(), metadata: z.record(z.string(), z.string()).optional() })
  .transform(({ generation, md5Hash, metadata = {} }): StoredObject => ({ generation, md5: md5Hash, metadata }));
const PageResource = z.object({
  items: z.array(z.intersection(z.object({ name: z.string() }), ObjectResource)).default([]),
  nextPageToken: z.string().optional(),
});
const Settings = z.record(z.string(), z.unknown());
const Condition = z.object({
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  expression: z.string(),
});
/** Who may do what with a bucket, and the version that a change has to name. */
const AccessPolicy = z.object({
  version: z.number().exactOptional(),
  etag: z.string().exactOptional(),
  bindings: z
    .array(
      z.object({ role: z.string(), members: z.array(z.string()).default([]), condition: Condition.exactOptional() }),
    )
    .default([]),
});
export type AccessPolicy = z.infer<typeof AccessPolicy>;

/** What of an object is of use here: the answer to a list is then a fifth of its size. */
const objectFields = 'name,generation,md5Hash,metadata';

/**
 * The bucket through Google's client. The client's own retries are off: between them it waits by itself, and its last
 * wait may never end.
 */
export async function bucketCalls(name: string, options: ClientOptions): Promise<BucketCalls> {
  const bucket = await openClient(name, options);
  const file = (object: string) => bucket.file(object);
  return {
    page: async (prefix, token) => {
      const query = { prefix, maxResults: 1000, autoPaginate: false, fields: `items(${objectFields}),nextPageToken` };
      const [, , answer] = await bucket.getFiles(token === undefined ? query : { ...query, pageToken: token });
      const { items, nextPageToken } = PageResource.parse(answer);
      return { objects: items, next: nextPageToken };
    },
    get: async (object) => ObjectResource.parse((await file(object).getMetadata({ fields: objectFields }))[0]),
    download: (object, generation) => download(bucket, object, generation),
    insert: async (upload, generation) => ObjectResource.parse(await sendWhole(bucket, upload, generation)),
    announce: async (upload, generation) => {
      const [uri] = await file(upload.name).createResumableUpload({
        metadata: metadataOf(upload),
        ...only(generation),
      });
      return uri;
    },
    proceed: (upload, uri, arrived) => sendRest(bucket, upload, uri, arrived),
    arrived: (upload, uri) => askArrived(bucket, upload, uri),
    remove: async (object, generation) => {
      await file(object).delete({ ifGenerationMatch: generation });
    },
    settings: async () => Settings.parse((await bucket.getMetadata())[0]),
    configure: async (settings, metageneration) =>
      Settings.parse((await bucket.setMetadata(settings, { ifMetagenerationMatch: metageneration }))[0]),
    policy: async () => AccessPolicy.parse((await bucket.iam.getPolicy({ requestedPolicyVersion: 3 }))[0]),
    grant: async (policy) => {
      await bucket.iam.setPolicy(policy);
    },
  };
}

/** Nobody waits longer than needed for the library, which is large: it is loaded when the first request is made. */
async function openClient(name: string, { apiEndpoint, credentials }: ClientOptions): Promise<Bucket> {
  const { Storage } = await import('@google-cloud/storage');
  const retryOptions = { autoRetry: false, retryableErrorFn: () => false };
  const signIn = credentials === undefined ? {} : await signInWith(credentials);
  if (apiEndpoint === undefined) return new Storage({ retryOptions, ...signIn }).bucket(name);
  const endpoint = /^\w+:\/\//.test(apiEndpoint) ? apiEndpoint : `http://${apiEndpoint}`;
  const storage = new Storage({ retryOptions, apiEndpoint: endpoint, projectId: 'candor', ...signIn });
  // With STORAGE_EMULATOR_HOST in the environment the client leaves the documented path out.
  storage.baseUrl = `${storage.apiEndpoint}/storage/v1`;
  return storage.bucket(name);
}

async function signInWith(credentials: ExternalCredentials) {
  const { IdentityPoolClient } = await import('google-auth-library');
  const authClient = new IdentityPoolClient({ ...credentials, scopes: [anyScope] });
  return { authClient, useAuthWithCustomEndpoint: true } as const;
}

/** What a job may do is said by its roles; Google's exchange of tokens knows no narrower scope for who acts as itself. */
const anyScope = 'https://www.googleapis.com/auth/cloud-platform';

/** Preconditions of a write: that generation is there, or nothing at all. */
function only(generation: string | undefined): { preconditionOpts: { ifGenerationMatch: string | number } } {
  return { preconditionOpts: { ifGenerationMatch: generation ?? 0 } };
}

/** The server compares the hash before it keeps the object. The client would compare it afterwards, and delete what differs. */
function metadataOf({ contentType, contentEncoding, cacheControl, metadata, md5 }: Upload): Record<string, unknown> {
  return { contentType, ...(contentEncoding && { contentEncoding }), cacheControl, metadata, md5Hash: md5 };
}

/**
 * One request with metadata and bytes, as one buffer of known length. The client's own ways make several streams for each
 * file, which costs more processor time than everything else together.
 */
async function sendWhole(bucket: Bucket, upload: Upload, generation: string | undefined): Promise<unknown> {
  const url = new URL(`${bucket.storage.apiEndpoint}/upload/storage/v1/b/${encodeURIComponent(bucket.name)}/o`);
  const query = {
    uploadType: 'multipart',
    name: upload.name,
    ifGenerationMatch: generation ?? '0',
    fields: objectFields,
  };
  url.search = new URLSearchParams(query).toString();
  const boundary = randomUUID();
  const metadata = JSON.stringify({ ...metadataOf(upload), name: upload.name });
  const head = [
    `--${boundary}\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${metadata}\r\n`,
    `--${boundary}\r\nContent-Type: ${upload.contentType}\r\n\r\n`,
  ];
  const { bytes } = await askDirectly(bucket, {
    method: 'POST',
    url,
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head.join('')), upload.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
  return JSON.parse(bytes.toString());
}

async function sendRest(bucket: Bucket, upload: Upload, uri: string, arrived: number): Promise<StoredObject> {
  const { length } = upload.bytes;
  const headers = {
    'Content-Type': upload.contentType,
    'Content-Range': `bytes ${arrived}-${length - 1}/${length}`,
  };
  return ObjectResource.parse(await ask(bucket, { method: 'PUT', uri, headers, body: upload.bytes.subarray(arrived) }));
}

async function askArrived(bucket: Bucket, upload: Upload, uri: string): Promise<number | StoredObject> {
  const headers = { 'Content-Range': `bytes */${upload.bytes.length}` };
  try {
    return ObjectResource.parse(await ask(bucket, { method: 'PUT', uri, headers }));
  } catch (error) {
    const { data } = Incomplete.safeParse(error);
    if (data === undefined) throw error;
    const [, last] = /-(\d+)$/.exec(data.response.headers.range ?? '') ?? [];
    return last === undefined ? 0 : Number(last) + 1;
  }
}

/** The answer to a question about an upload of which something is missing. */
const Incomplete = z.object({
  code: z.literal(308),
  response: z.object({ headers: z.object({ range: z.string().optional() }) }),
});

function ask(bucket: Bucket, request: Parameters<Bucket['storage']['request']>[0]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    bucket.storage.request(request, (error, body) => (error === null ? resolve(body) : reject(error)));
  });
}
