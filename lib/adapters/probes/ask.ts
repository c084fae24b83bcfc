import type { Sample } from '../../schema/sample.ts';

/** What a probe may know of the world while it asks. */
export interface AskContext {
  /** Aborted at the probe's deadline or when the run is cut off; nothing goes on after it. */
  readonly signal: AbortSignal;
  /** Whether private and loopback addresses may be asked. */
  readonly allowPrivate: boolean;
  /** A clock in milliseconds that never steps, for latencies. */
  readonly monotonicMs: () => number;
  /** The instant by which certificates are judged. */
  readonly now: Date;
  /** Certificate authorities to trust besides the system's, PEM. */
  readonly trustedAuthorities?: readonly string[] | undefined;
  /** How a name becomes addresses, where it is not as this machine does it. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
}

/**
 * Ask one question once and say what came of it. Never throws for what a service does or fails to do; an error that it
 * throws is a bug. An aborted signal ends it at once, with every socket closed.
 */
export type Ask<P> = (asks: P, context: AskContext) => Promise<Sample>;
