/** One HTTP request of a probe. Header names are lower-case. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
}

/**
 * The request that an answer redirects to; `undefined` where it does not redirect, and `invalid` where it leads to what is
 * no HTTP address. Another origin is told nothing of what the probe's file says (headers, which may be secrets, and the
 * body), nor is any later one.
 */
export function redirected(
  request: HttpRequest,
  answer: { readonly status: number; readonly location: string | undefined },
): HttpRequest | 'invalid' | undefined {
  const keepsMethod = keepsMethodByStatus.get(answer.status);
  if (keepsMethod === undefined || answer.location === undefined) return undefined;
  const url = URL.parse(answer.location, request.url);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'invalid';
  const [username, password, hash] = ['', '', ''];
  Object.assign(url, { username, password, hash });
  const isStranger = url.origin !== request.url.origin;
  const asGet = request.method === 'POST' && (isStranger || !keepsMethod);
  return {
    url,
    method: asGet ? 'GET' : request.method,
    headers: isStranger ? new Map() : withoutBodyHeaders(request.headers, asGet),
    body: asGet || isStranger ? undefined : request.body,
  };
}

/** What a redirection does to POST: it becomes GET, as browsers do, or stays. */
const keepsMethodByStatus: ReadonlyMap<number, boolean> = new Map([
  [301, false],
  [302, false],
  [303, false],
  [307, true],
  [308, true],
]);

function withoutBodyHeaders(headers: ReadonlyMap<string, string>, bodyIsGone: boolean): ReadonlyMap<string, string> {
  return bodyIsGone ? new Map([...headers].filter(([name]) => !name.startsWith('content-'))) : headers;
}
