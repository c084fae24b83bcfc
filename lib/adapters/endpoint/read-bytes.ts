import type { IncomingMessage, ServerResponse } from 'node:http';

/** The bytes of a body, that it is too long, or that its sender went away. */
export type BytesReading =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'gone' };

/** Read a body of at most so many bytes: one that says that it is longer is left unread, another is left at the limit. */
export function readBytes(request: IncomingMessage, response: ServerResponse, most: number): Promise<BytesReading> {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) > most) return Promise.resolve({ kind: 'too_large' });
  if (expectsContinue(request)) response.writeContinue();
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const take = (chunk: Uint8Array) => {
      length += chunk.length;
      if (length <= most) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take).pause();
      resolve({ kind: 'too_large' });
    };
    request
      .on('data', take)
      .on('end', () => resolve({ kind: 'bytes', bytes: joined(chunks) }))
      .on('close', () => resolve({ kind: 'gone' }));
  });
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = chunks;
  return only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
}

function expectsContinue({ headers }: IncomingMessage): boolean {
  return headers.expect?.toLowerCase() === '100-continue';
}

/** So much of a request is thrown away for the sake of its connection: opening another costs both sides more. */
const discardedBytes = 64 * 1024;

/**
 * Whether a connection can go on after this request is answered: all of it was read, or what follows is known to be little.
 * A client that was not told to send it will not.
 */
export function canReadOn(request: IncomingMessage): boolean {
  if (request.readableEnded) return true;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (encoding !== undefined) return false;
  return Number(length) === 0 || (Number(length) <= discardedBytes && !expectsContinue(request));
}

/** What is still thrown away of a request after it was answered, so that its sender gets to read the answer. */
const lingerBytes = 256 * 1024;

/** Answer a request that cannot be read to its end, and close. `response` has its headers, among them the length of `bytes`. */
export function answerUnread(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  if (expectsContinue(request)) {
    response.end(bytes);
    return;
  }
  response.write(bytes);
  let left = lingerBytes;
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) response.end();
  });
  for (const event of ['end', 'close'] as const) request.on(event, () => response.end());
  request.resume();
}
