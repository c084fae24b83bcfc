import { constants } from 'node:os';

/** Whoever started this process may pass on a signal that it gets anyway; that is not somebody who asks twice. */
const echoMs = 500;

/** Aborted when somebody asks the process to stop, so that it can finish early; asking again ends it at once. */
export function cutOffSignal(): AbortSignal {
  const controller = new AbortController();
  let askedAtMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) askedAtMs = performance.now();
      else if (performance.now() - askedAtMs > echoMs) process.exit(128 + constants.signals[signal]);
      controller.abort();
    });
  }
  return controller.signal;
}
