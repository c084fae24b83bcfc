import { type Fault, faultOf, NoAnswer } from './gcs-errors.ts';
import type { TargetTiming } from './target-timing.ts';

/** How often something is tried: with the waits in between, about a quarter of a minute where every answer is an error. */
const attempts = 6;
/** The same where the service is not even reached: that is more often a wrong address than trouble that passes. */
const attemptsToReach = 3;
const firstWaitMs = 500;
const longestWaitMs = 8000;

/** What became of something that was tried until it went well or could not. */
export type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  /** `unsure`: one of the attempts may have had its effect although its answer was lost. */
  | { readonly ok: false; readonly error: unknown; readonly fault: Fault; readonly unsure: boolean };

/** What holds for all attempts of one thing. */
export interface AttemptLimits {
  /** The shortest wait between two: the service takes one write a second to one name. */
  readonly leastWaitMs?: number;
  /** Bytes that are on the way: for many, an attempt may take longer. */
  readonly bytes?: number;
}

/** A connection that carries less than this is not counted on. */
const slowestBytesPerMs = 64;

/** Try until it goes well, or fails for a reason that does not pass, or failed often enough. Only for what may safely be repeated. */
export async function attempt<T>(
  timing: TargetTiming,
  work: () => Promise<T>,
  { leastWaitMs = 0, bytes = 0 }: AttemptLimits = {},
): Promise<Attempted<T>> {
  let unsure = false;
  for (let tried = 1; ; tried += 1) {
    try {
      return { ok: true, value: await inTime(work(), timing.longestRequestMs + bytes / slowestBytesPerMs) };
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind === 'passing') unsure ||= fault.unsure;
      if (fault.kind !== 'passing' || tried >= (fault.reached ? attempts : attemptsToReach))
        return { ok: false, error, fault, unsure };
      await timing.sleep(Math.max(waitBefore(tried), fault.waitMs, leastWaitMs));
    }
  }
}

/** Twice as long each time, and not in step with others. */
function waitBefore(tried: number): number {
  const longest = Math.min(firstWaitMs * 2 ** (tried - 1), longestWaitMs);
  return Math.round(longest * (0.5 + Math.random() / 2));
}

/** The result, unless it takes too long: the library has no limit of its own that works. */
async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const signal = AbortSignal.timeout(Math.round(limitMs));
  let stop = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(new NoAnswer(`No answer within ${Math.round(limitMs / 1000)} seconds.`));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
