/** What of an answer decides whether it is asked for again; without a status no answer came. */
export interface GithubAnswer {
  readonly method: string;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

const attempts = 4;
const firstWaitMs = 1000;
/** Where GitHub asks for more patience than this, somebody is told instead. */
export const longestWaitMs = 60_000;

/** How long to wait before asking again, after so many attempts; `undefined` where asking again does not help, or may do a thing twice. */
export function retryAfterMs(answer: GithubAnswer, tried: number): number | undefined {
  if (tried >= attempts) return undefined;
  const asked = askedWaitMs(answer);
  if (asked !== undefined) return asked > longestWaitMs ? undefined : asked;
  // One that was refused for coming too often was not carried out; of any other that fails nobody knows.
  const passes = answer.status === 429 || (answer.method === 'GET' && (answer.status ?? 500) >= 500);
  return passes ? firstWaitMs * 2 ** (tried - 1) : undefined;
}

/** For how long GitHub asks not to be asked, where this is why it refused. */
export function askedWaitMs({ status, headers }: GithubAnswer): number | undefined {
  if (status !== 429 && status !== 403) return undefined;
  const after = seconds(headers['retry-after'], headers);
  if (after !== undefined) return after * 1000;
  const reset = Number(headers['x-ratelimit-reset']);
  const now = Date.parse(String(headers['date'])) / 1000;
  if (String(headers['x-ratelimit-remaining']) !== '0' || !Number.isFinite(reset - now)) return undefined;
  return Math.max(0, reset - now + 1) * 1000;
}

/** `Retry-After`: seconds, or a date that is read against that of the answer itself. */
function seconds(value: string | number | undefined, headers: GithubAnswer['headers']): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(String(value)) ? Number(value) : (dateOf(value) - dateOf(headers['date'])) / 1000;
  return Number.isFinite(number) ? Math.max(0, number) : undefined;
}

function dateOf(value: string | number | undefined): number {
  return Date.parse(String(value));
}
