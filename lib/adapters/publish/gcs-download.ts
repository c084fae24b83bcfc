import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Bucket } from '@google-cloud/storage';
import { askDirectly } from './gcs-http.ts';

const unpack = promisify(gunzip);

/**
 * The bytes of that generation, unpacked. Fetched without the client, which hands an answer above 64 KiB on through more and
 * more streams, so that Node warns of it on the terminal.
 */
export async function download(bucket: Bucket, name: string, generation: string): Promise<Buffer> {
  const url = new URL(`${bucket.storage.baseUrl}/b/${encodeURIComponent(bucket.name)}/o/${encodeURIComponent(name)}`);
  url.searchParams.set('alt', 'media');
  url.searchParams.set('generation', generation);
  const { headers, bytes } = await askDirectly(bucket, {
    method: 'GET',
    url,
    headers: { 'accept-encoding': 'gzip', 'cache-control': 'no-store' },
  });
  return headers['content-encoding'] === 'gzip' ? await unpack(bytes) : bytes;
}
