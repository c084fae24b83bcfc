import type { Bucket } from '@google-cloud/storage';
import type { EnvHttpProxyAgent } from 'undici';

/** Made at the first download, like the library that it comes from. */
let proxies: EnvHttpProxyAgent | undefined;

/**
 * The bytes of that generation, unpacked. Signed in through the client, but fetched without it: the client hands an answer
 * above 64 KiB on through more and more streams, and Node warns of it on the terminal.
 */
export async function download(bucket: Bucket, name: string, generation: string): Promise<Buffer> {
  const { storage } = bucket;
  const url = new URL(`${storage.baseUrl}/b/${encodeURIComponent(bucket.name)}/o/${encodeURIComponent(name)}`);
  url.searchParams.set('alt', 'media');
  url.searchParams.set('generation', generation);
  const isSignedIn = !storage.customEndpoint || storage.useAuthWithCustomEndpoint === true;
  const headers = isSignedIn ? await storage.authClient.getRequestHeaders(url) : new Headers();
  const undici = await import('undici');
  // Through a proxy where the environment names one, as Google's client does.
  proxies ??= new undici.EnvHttpProxyAgent();
  try {
    const answer = await undici.fetch(url, {
      headers: [...headers, ['cache-control', 'no-store']],
      dispatcher: proxies,
    });
    if (!answer.ok) throw new DownloadRefused(answer.status);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    throw error instanceof TypeError && error.cause !== undefined ? error.cause : error;
  }
}

/** A download was answered with that status. */
class DownloadRefused extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`The download was answered with ${code}.`);
    this.code = code;
  }
}
