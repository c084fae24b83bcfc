import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ObjectFields } from './fake-gcs-store.ts';

/** An upload that was announced and may come in parts. */
export interface Session {
  readonly id: string;
  readonly bucket: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly fields: UploadFields;
  received: Buffer;
  /** What was answered when it was complete. */
  done: { readonly generation: string } | undefined;
}

const Fields = z.object({
  name: z.string().optional(),
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
  cacheControl: z.string().optional(),
  md5Hash: z.string().optional(),
  crc32c: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** What an upload says of its object: fields to keep, and hashes to check. */
export type UploadFields = z.infer<typeof Fields>;

/** What was sent in one request of two parts. */
export interface MultipartUpload {
  readonly fields: UploadFields;
  readonly bytes: Buffer;
}

/** The fields as they are kept. */
export function keptFields(fields: UploadFields): ObjectFields {
  const { contentType, contentEncoding, cacheControl, metadata } = fields;
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** The fields in a body of JSON; `undefined` where it is none. */
export function parseFields(body: Buffer): UploadFields | undefined {
  try {
    return Fields.parse(body.length === 0 ? {} : JSON.parse(body.toString()));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** The two parts of a `multipart/related` body; `undefined` where there are not two. */
export function parseMultipart(body: Buffer, contentType: string): MultipartUpload | undefined {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  const [json, media] = partsOf(body, `--${boundary}`);
  if (json === undefined || media === undefined) return undefined;
  const fields = parseFields(json.bytes);
  return fields && { fields: { contentType: media.contentType, ...fields }, bytes: media.bytes };
}

function partsOf(body: Buffer, delimiter: string): { contentType: string | undefined; bytes: Buffer }[] {
  const parts = [];
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const start = body.indexOf('\r\n', at) + 2;
    const next = body.indexOf(`\r\n${delimiter}`, start - 2);
    if (start === 1 || next === -1) break;
    const head = body.indexOf('\r\n\r\n', start - 2);
    const headers = body.subarray(start, head).toString();
    const [, contentType] = /^content-type:\s*(.*)$/im.exec(headers) ?? [];
    parts.push({
      contentType: contentType?.trim(),
      bytes: Buffer.from(body.subarray(head + 4, Math.max(next, head + 4))),
    });
    at = next + 2;
  }
  return parts;
}

/** Uploads that were announced, by their id. */
export function openSession(bucket: string, name: string, query: URLSearchParams, fields: UploadFields): Session {
  return { id: randomUUID(), bucket, name, query, fields, received: Buffer.alloc(0), done: undefined };
}

/** What a `Content-Range` says: where the bytes begin (`undefined`: none are sent) and how many there are in all, if known. */
export function parseRange(header: string | undefined): { start: number | undefined; total: number | undefined } {
  const [, start, total] = /^bytes (?:(\d+)-(?:\d+|\*)|\*)\/(\d+|\*)$/.exec(header ?? '') ?? [];
  return {
    start: header === undefined ? 0 : start === undefined ? undefined : Number(start),
    total: total === undefined || total === '*' ? undefined : Number(total),
  };
}
