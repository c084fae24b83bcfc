import type { Bucket } from '@google-cloud/storage';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

/** What is asked of the service beside the client: signed in as the client is, and without the streams that it makes. */
export interface DirectRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What the service answered: its bytes, as they came over the wire. */
export interface DirectAnswer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Loaded and made at the first request: connections are kept for the next ones. */
let connections: Promise<Dispatcher> | undefined;

/** Ask with one request and without any retry. Every status but 2xx is an error as the JSON API words it. */
export async function askDirectly(
  bucket: Bucket,
  { method, url, headers, body }: DirectRequest,
): Promise<DirectAnswer> {
  connections ??= openConnections();
  const dispatcher = await connections;
  const answer = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { ...(await signedIn(bucket, url)), ...headers },
    body: body ?? null,
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    throw new Refused(answer.statusCode, answer.headers['retry-after'], bytes);
  }
  return { headers: answer.headers, bytes };
}

/** Through a proxy where the environment names one, as Google's client does. A connection carries one request at a time. */
async function openConnections(): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('undici');
  return new EnvHttpProxyAgent({ allowH2: false });
}

async function signedIn({ storage }: Bucket, url: URL): Promise<Record<string, string>> {
  if (storage.customEndpoint && storage.useAuthWithCustomEndpoint !== true) return {};
  return Object.fromEntries(await storage.authClient.getRequestHeaders(url));
}

/** An answer that is none of success, in the shape in which Google's client tells of it. */
class Refused extends Error {
  readonly code: number;
  readonly errors: readonly unknown[];
  readonly response: { readonly status: number; readonly headers: Readonly<Record<string, string>> };

  constructor(code: number, retryAfter: string | string[] | undefined, bytes: Buffer) {
    const { message, errors } = problemIn(bytes);
    super(message);
    this.code = code;
    this.errors = errors;
    this.response = { status: code, headers: typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : {} };
  }
}

const Problem = z.object({
  error: z.object({ message: z.string().catch(''), errors: z.array(z.unknown()).catch([]) }),
});

/** What the answer says went wrong; not every server in between answers in JSON. */
function problemIn(bytes: Buffer): z.infer<typeof Problem>['error'] {
  try {
    return Problem.parse(JSON.parse(bytes.toString())).error;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { message: bytes.toString(), errors: [] };
    throw error;
  }
}
