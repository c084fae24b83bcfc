import { type DestinationStream, pino } from 'pino';
import { Failure } from '../failure.ts';

/** One answered request: what it was about, and nothing of what it said. */
export interface RequestLine {
  readonly request_id: string;
  readonly method: string;
  /** The name of the route, never the path: tokens stand there. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Notes what the endpoint does, one JSON object a line. No address, no token and no query has a field in it. */
export interface EndpointLog {
  request(line: RequestLine): void;
  /** Something that a person should know of; `error` is told by its kind alone, unless its words are ours. */
  failed(what: string, error: unknown, requestId?: string): void;
  /** Something that went well; `facts` are counts and words of ours. */
  told(what: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** A log that writes to `destination`, which may keep lines back; `warn` leaves out the requests. What failed is written at once. */
export function endpointLog(destination: DestinationStream, level: 'info' | 'warn'): EndpointLog {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    request: (line) => log.info(line, 'request'),
    failed: (what, error, requestId) => {
      log.error({ ...(requestId === undefined ? {} : { request_id: requestId }), error: kindOf(error) }, what);
      log.flush();
    },
    told: (what, facts = {}) => log.info(facts, what),
  };
}

const mostCauses = 5;

/** What can be said of an error of somebody else without its words, which may hold what a client sent. */
function kindOf(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, stack = '', cause } = error;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name,
    ...(error instanceof Failure ? { message: error.message, fix: error.fix } : {}),
    ...('code' in error ? { code: String(error.code) } : {}),
    at: frames.slice(0, 4).map((line) => line.trim()),
    ...(cause === undefined || depth === mostCauses ? {} : { cause: kindOf(cause, depth + 1) }),
  };
}
