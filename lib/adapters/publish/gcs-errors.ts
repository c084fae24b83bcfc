import { z } from 'zod';
import { Failure } from '../failure.ts';

/** What an error of a request means for what is to be done next. */
export type Fault =
  /** What was to be there is not (412). */
  | { readonly kind: 'precondition' }
  /** There is no such object, or no such bucket. */
  | { readonly kind: 'missing'; readonly what: 'object' | 'bucket' }
  /**
   * It may go well the next time, after so long at least. `reached`: the service was asked; `unsure`: what it was asked
   * for may have happened all the same.
   */
  | { readonly kind: 'passing'; readonly reached: boolean; readonly unsure: boolean; readonly waitMs: number }
  | { readonly kind: 'refused' };

/** What was being done, for the message. */
export interface Doing {
  /** `gs://bucket/name`. */
  readonly on: string;
  /** `could not be written`. */
  readonly what: string;
  /** What the account needs for it: `storage.objects.create`. */
  readonly permission: string;
  /** `gs://bucket`. */
  readonly bucket: string;
}

/** The errors of two libraries, as far as they agree. Texts of theirs are looked at, and never shown. */
const ErrorShape = z.object({
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  status: z.union([z.string(), z.number()]).optional().catch(undefined),
  message: z.string().catch(''),
  errors: z.array(z.object({ reason: z.string().optional().catch(undefined) })).catch([]),
  response: z
    .object({
      status: z.number().optional().catch(undefined),
      headers: z.unknown().optional(),
      data: z.object({ error: z.string() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type ErrorFacts = z.infer<typeof ErrorShape>;

/** The request took longer than one may. */
export class NoAnswer extends Error {}

/** 308: a part of an upload did not arrive. */
const passing = new Set([308, 408, 429, 500, 502, 503, 504]);
/** Nothing can have happened: the server says so, or was never reached. */
const notDone = new Set([429]);
const notSent = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const broken = new Set([
  ...notSent,
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** What the error means. */
export function faultOf(error: unknown): Fault {
  if (error instanceof NoAnswer) return { kind: 'passing', reached: true, unsure: true, waitMs: 0 };
  const facts = ErrorShape.safeParse(error).data;
  if (facts === undefined || isCredentialsFile(facts) || isSignIn(facts)) return { kind: 'refused' };
  const status = statusOf(facts);
  if (status === 412) return { kind: 'precondition' };
  if (status === 404 || status === 410)
    return { kind: 'missing', what: /bucket does not exist/i.test(facts.message) ? 'bucket' : 'object' };
  const isLimit = status === 403 && facts.errors.some(({ reason }) => /rateLimitExceeded/i.test(reason ?? ''));
  if (isLimit) return { kind: 'passing', reached: true, unsure: false, waitMs: 1000 };
  if (status !== undefined && passing.has(status)) {
    const waitMs = Math.max(retryAfterMs(facts), status === 429 ? 1000 : 0);
    return { kind: 'passing', reached: true, unsure: !notDone.has(status), waitMs };
  }
  const code = networkCode(facts);
  if (status === undefined && code !== undefined) {
    const reached = !notSent.has(code);
    return { kind: 'passing', reached, unsure: reached, waitMs: 0 };
  }
  return { kind: 'refused' };
}

/** The error in words for the person who publishes: what, why, and what to do. */
export function failureOf(error: unknown, doing: Doing): Failure {
  const facts = ErrorShape.safeParse(error).data;
  const { why, fix } = reasonOf(error, facts, doing);
  return new Failure(`${doing.on} ${doing.what}: ${why}`, { fix, cause: safeCause(facts) });
}

/** The library's own errors quote answers and addresses of uploads, which are as good as a key: neither is shown, ever. */
function safeCause(facts: ErrorFacts | undefined): Error {
  const reason = facts?.errors.map((inner) => inner.reason ?? '').find((text) => /^[a-zA-Z]{1,40}$/.test(text));
  const status = facts && (statusOf(facts) ?? networkCode(facts) ?? 'no status');
  return new Error(`Google Cloud Storage: ${[status, reason].filter((part) => part !== undefined).join(', ')}`);
}

interface Reason {
  readonly why: string;
  readonly fix: string;
}

function reasonOf(error: unknown, facts: ErrorFacts | undefined, doing: Doing): Reason {
  if (error instanceof NoAnswer) return trouble('there was no answer in time.');
  if (facts === undefined) return trouble('the request broke off.');
  if (isCredentialsFile(facts)) return unreadableCredentials;
  if (isClock(facts)) return wrongClock;
  if (isSignIn(facts)) return signedOut;
  const status = statusOf(facts);
  if (status === 401) return signedOut;
  if (status === 403) return forbidden(facts, doing);
  if (status === 404) return noBucket(doing);
  if (status === 400) {
    const fix =
      'Check the name of the bucket and the names of the files. With --debug the reason that it gives is shown.';
    return { why: 'the service calls the request invalid (400).', fix };
  }
  if (status !== undefined) return trouble(`the service answers with ${status}, again and again.`);
  const code = networkCode(facts);
  return trouble(code === undefined ? 'the request broke off.' : `the service cannot be reached (${code}).`);
}

const signedOut: Reason = {
  why: 'the service does not know who is asking.',
  fix: 'On your machine: gcloud auth application-default login. In a workflow: Workload Identity Federation, as docs/publish.md describes.',
};
const unreadableCredentials: Reason = {
  why: 'the credentials file that GOOGLE_APPLICATION_CREDENTIALS names is missing, cannot be read, or holds no credentials.',
  fix: 'Correct the path in GOOGLE_APPLICATION_CREDENTIALS, or let this user read the file; or unset the variable, and sign in with gcloud auth application-default login.',
};
const wrongClock: Reason = {
  why: 'the service refuses credentials that are dated wrongly.',
  fix: 'Set the clock of this machine; it is off by more than a few minutes.',
};

function trouble(why: string): Reason {
  const fix =
    'Check the network, and https://status.cloud.google.com. Then run the command again: it goes on where this one stopped.';
  return { why, fix };
}

function forbidden(facts: ErrorFacts, { bucket, permission }: Doing): Reason {
  const named = /\bstorage\.[a-z]+\.[A-Za-z]+\b/.exec(facts.message)?.[0] ?? permission;
  if (facts.errors.some(({ reason }) => /retention|hold/i.test(reason ?? ''))) {
    const fix = `Remove the hold, or the retention policy of ${bucket}: a page is replaced all the time.`;
    return { why: 'the bucket keeps its objects from being replaced or deleted (403).', fix };
  }
  return {
    why: `this account lacks ${named} there, or the bucket is somebody else's (403).`,
    fix: `Names of buckets are taken world-wide, so check that ${bucket} is yours. Then grant the account ${roleOf(named)} on it, as docs/publish.md describes.`,
  };
}

function roleOf(permission: string): string {
  return permission.startsWith('storage.buckets.') ? 'roles/storage.admin' : 'roles/storage.objectUser';
}

function noBucket({ bucket }: Doing): Reason {
  const fix = `Check its name, or create it: gcloud storage buckets create ${bucket} --uniform-bucket-level-access.`;
  return { why: `the bucket ${bucket} does not exist.`, fix };
}

/** Whether it went wrong before the bucket was asked: while signing in. */
function isSignIn({ message, response }: ErrorFacts): boolean {
  return (
    response?.data !== undefined ||
    /default credentials|invalid_grant|invalid_rapt|unauthorized_client|impersonat|access token/i.test(message)
  );
}

/** The library says so in a text of its own, and adds what the system said. */
function isCredentialsFile({ message }: ErrorFacts): boolean {
  return /^Unable to read the credential file specified by the GOOGLE_APPLICATION_CREDENTIALS/.test(message);
}

function isClock({ message, code }: ErrorFacts): boolean {
  return /short-lived token|iat and exp|token used too (?:early|late)|CERT_NOT_YET_VALID/i.test(`${message} ${code}`);
}

function statusOf({ code, status, response }: ErrorFacts): number | undefined {
  return [code, status, response?.status].map(Number).find((number) => number >= 100 && number < 600);
}

function networkCode({ code, message }: ErrorFacts): string | undefined {
  if (typeof code === 'string' && broken.has(code)) return code;
  return /socket hang up|premature close|network timeout|terminated/i.test(message) ? 'ECONNRESET' : undefined;
}

/** What the server asks to wait, at most half a minute. */
function retryAfterMs({ response }: ErrorFacts): number {
  const { headers } = response ?? {};
  const value = headers instanceof Headers ? headers.get('retry-after') : PlainHeaders.safeParse(headers).data;
  const seconds = Number(typeof value === 'string' ? value : (value?.['retry-after'] ?? 0));
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 30) * 1000 : 0;
}

const PlainHeaders = z.object({ 'retry-after': z.string().optional() });
